"""What people do with equipment: register, move, tag, send away, retire, replace, import, print labels."""
