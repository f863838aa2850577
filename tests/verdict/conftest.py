from hypothesis import settings

settings.register_profile("unhurried", deadline=None)  # a first import may take a second
settings.load_profile("unhurried")
