"""What the bot is measured against, each written as its own documentation teaches."""
