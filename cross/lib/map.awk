# Reads lld's link map and prints what takes the room in the program, one line each:
#   KIND NAME BYTES LIBRARY-BYTES
# KIND is room (a module of Godwit, C shims included), part (a library) or rest.
# LIBRARY-BYTES: of a room's bytes, those of Swift's standard library compiled into its objects
# (generic code that had to be made for the room's types).
# Counted: what is stored in the program's file and loaded; no debug information, no zeroed memory.

function size_of(hex,    value, i) {
  value = 0
  hex = tolower(hex)
  for (i = 1; i <= length(hex); i++)
    value = value * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
  return value
}

# Where an input section comes from: its object or archive, before the colon.
function owner_of(input,    path, folder) {
  path = input
  sub(/:\([^:]*\)$/, "", path)
  if (path ~ /\.build\/[^\/]*\.o$/ || path ~ /\.build\/.*\.o$/) {
    folder = path
    sub(/\.build\/.*$/, "", folder)
    sub(/^.*\//, "", folder)
    return "room " folder
  }
  if (path ~ /libsqlite3\.a\(/) return "part SQLite"
  if (path ~ /libgpiod\.a\(/) return "part libgpiod"
  if (path ~ /lib(c|m|pthread|dl|rt)(-[0-9.]*)?\.a\(/ || path ~ /\/(g|r)?crt[1in]\.o$/)
    return "part glibc"
  if (path ~ /libgcc(_eh)?\.a\(/ || path ~ /\/crt(begin|end)[ST]?\.o$/) return "part libgcc"
  if (path ~ /libswiftUnicodeDataTables\.a/) return "part Unicode-tables"
  return "rest merged-by-linker"
}

# Swift mangles its own library's names with a letter, a module of ours with a digit.
function is_library(input) { return input ~ /:\(\.[a-z.]*\.?\$e[A-Za-z]/ }

NR == 1 { column = index($0, "Out"); next }  # 33 in for 32-bit programs, 49 for 64-bit
{
  content = substr($0, column)
  if (content ~ /^[^ ]/) {
    stored = content !~ /^\.(debug|comment|symtab|strtab|shstrtab|bss|tbss|noinit|relro_padding)/
    next
  }
  if (!stored || content !~ /^        [^ ]/ || content !~ /:\(/) next
  input = substr(content, 9)
  bytes = size_of($3)
  owner = owner_of(input)
  total[owner] += bytes
  if (is_library(input)) library[owner] += bytes
}

END { for (owner in total) print owner, total[owner], library[owner] + 0 }
