# CHANGELOG.md: "## Unreleased" or a release on top, points that end as sentences do.
function say(text) { print "CHANGELOG.md:" NR ": " text }
NR == 1 && $0 != "# Changelog" { say("the title is `# Changelog`") }
/^## / {
  if (!headings++ && $0 != "## Unreleased" && !/^## [0-9]/) say("`## Unreleased` comes first")
  if (!/^## (Unreleased|[0-9]+\.[0-9]+\.[0-9]+ - [0-9]{4}-[0-9]{2}-[0-9]{2})$/)
    say("a heading is `## Unreleased` or `## 1.2.3 - 2030-01-31`")
  next
}
/^[<>=|]{7}/ { say("a conflict that was not resolved") }
headings && /./ && !/^- / && !/^  [^ ]/ { say("a point begins with `- `, its further lines with two spaces") }
/^- / && point[$0]++ { say("stands twice") }
headings && /^(- |  )/ { last = $0; line = NR }
headings && (/^$/ || /^- /) && previous != "" && previous !~ /[.!?)]$/ { print "CHANGELOG.md:" NR - 1 ": a point ends with a full stop" }
{ previous = headings ? $0 : "" }
END { if (!headings) say("nothing is recorded") }
