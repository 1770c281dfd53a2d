print("thunderline")
