"""What the law gives a shop and its buyer: dated rules from resources/rules and pure arithmetic; not legal advice."""
