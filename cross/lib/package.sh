make_package() { :; }
