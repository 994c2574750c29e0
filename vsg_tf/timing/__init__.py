"""When something sounds, and how loudly: from the picture, a list or a guide sound."""
