"""The signed issue for the web: one readable file, and what is pasted into an article of 公众号."""
