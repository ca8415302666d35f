"""An issue as a Word file to be edited (GB/T 9704-2012 as far as Word sets it): content in, .docx out, and its text back."""
