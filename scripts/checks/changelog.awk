# CHANGELOG.md: "## Unreleased" or a release on top, points that end as sentences do.
function say(text) { print "CHANGELOG.md:" NR ": " text }
NR == 1 && $0 != "# Changelog" { say("the title is `# Changelog`") }
/^## / {
  if (!headings++ && $0 != "## Unreleased" && !/^## [0-9]/) say("`## Unreleased` comes first")
  if (!/^## (Unreleased|[0-9]+\.[0-9]+\.[0-9]+ - 20[0-9][0-9]-[01][0-9]-[0-3][0-9])$/)
    say("a heading is `## Unreleased` or `## 1.2.3 - 2030-01-31`")
  next
}
/^(<<<<<<<|=======|>>>>>>>)/ { say("a conflict that was not resolved") }
headings && /./ && !/^- / && !/^  [^ ]/ { say("a point begins with `- `, its further lines with two spaces") }
/^- / && point[$0]++ { say("stands twice") }
function ended() {
  if (previous != "" && previous !~ /[.!?)]$/)
    print "CHANGELOG.md: no full stop behind `" substr(previous, length(previous) - 30) "`"
}
/^$/ || /^- / { ended() }
{ previous = headings ? $0 : "" }
END {
  ended()
  if (!headings) say("nothing is recorded")
}
