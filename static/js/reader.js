// The reader's page: the name that confirmed last on this device is filled in next time.
const KEY = "bulletin-confirmed-by";

function remembered() {
  try {
    return localStorage.getItem(KEY) || "";
  } catch {
    return "";
  }
}

document.querySelectorAll("form[data-remember-name]").forEach((form) => {
  const input = form.elements.name;
  if (!input.value) input.value = remembered();
  form.addEventListener("submit", () => {
    try {
      localStorage.setItem(KEY, input.value.trim());
    } catch {
      // A browser that keeps nothing asks again.
    }
  });
});
