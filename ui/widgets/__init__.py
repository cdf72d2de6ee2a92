"""Small widgets that know the look and nothing of the shop; each file holds one."""
