# Lengths of one file: lines, columns, and functions that begin in column one,
# in the layout that clang-format and the Lua style give.
length($0) > 100 && file ~ /\.([ch]|sh)$/ { # luacheck measures the others
  gsub(/[\200-\277]/, "") # bytes that only continue a character
  if (length($0) > 100) print file ":" NR ": " length($0) " columns"
}
file ~ /\.[ch]$/ && /^[A-Za-z_].*\(/ && !/;/ || /^(local )?function / { begin = NR }
file ~ /\.[ch]$/ && /^ .*\);/ && !opened { begin = 0 } # a declaration of several lines
/\{$/ || /\.lua$/ { opened = begin }
/^\}|^end$/ {
  if (begin && NR - begin + 1 > 80) print file ":" begin ": a function of " NR - begin + 1 " lines"
  begin = opened = 0
}
END { if (NR > 600) print file ": " NR " lines" }
