"""What is kept. A constraint's name becomes the refusal it stands for."""
