"""What staff see of volunteers, and what they type about them."""
