SELECT x << 1 + 2
