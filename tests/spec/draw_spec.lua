--- Drawings of a chain. What the files must hold is written down by hand; dot itself, where it is,
--- reads names back that would break its language.
local cm = require "capmod"
local blocks = dofile "tests/support/blocks.lua"

local function refused(f, ...)
  local ok, e = pcall(f, ...)
  assert.is_false(ok)
  return e
end

local function bus()
  return cm.chain{ name = "bus", unit = "USD", stages = {
    { "cells", at = "CHN", adds = 15 },
    { "pack", at = { "CHN", "BRA" }, adds = { CHN = 20, BRA = 24 }, uses = { cells = 4 } },
    { "body", at = "BRA", by = "FRA", adds = 70 },
    { "assembly", at = "BRA", adds = 40, uses = { "pack", "body" } },
  }, colocate = { "body", "assembly", why = "too big" } }
end

local hostile = 'a "b" \\N & <i>&amp;</i> #1; `c`'
local function odd()
  return cm.chain{ name = hostile, stages = { { hostile, at = "USA", adds = 1 },
    { "x", at = "(the [moon])", adds = 1, uses = hostile } } }
end

local path
before_each(function() path = os.tmpname() end)
after_each(function() os.remove(path) end)

local function drawn(chain, ending, t)
  t = t or {}
  t[1] = path .. ending
  assert.equal(chain, chain:draw(t))
  local s = blocks.read(t[1])
  os.remove(t[1])
  return s
end

describe("a chain in DOT", function()
  local s = bus():dot()

  it("has a cluster for each place, and a frame for what may not be parted", function()
    assert.matches([[
  subgraph "cluster 2" {
    graph [label="BRA Brazil", style="rounded,filled", color="#c9d3e0", fillcolor="#f2f6fb"];
    subgraph "cluster 2.1" {
      graph [label="too big", style="rounded,dashed", color="#1f2328"];
      "body";
      "assembly";
    }
  }
]], s, 1, true)
    assert.matches('label="CHN China"', s, 1, true)
    assert.is_nil(cm.chain{ name = "x", stages = { { "a", at = "(not stated)", adds = 1 } } }
      :dot():find "subgraph")
  end)

  it("has stages with their figure, open places and other operators", function()
    assert.matches('"cells" [label="cells\\n60"];', s, 1, true)
    assert.matches('"pack" [label="pack\\n20\\nCHN or BRA"];', s, 1, true)
    assert.matches('"body" [label="body\\n70\\nby FRA"];', s, 1, true)
    assert.matches("not settled, so taken where it costs least: pack", s, 1, true)
  end)

  it("has links as wide as what they carry is worth", function()
    -- cells 60, pack 80, body 70: 1 + 5 x 60/80, 1 + 5, 1 + 5 x 70/80
    assert.matches('"cells" -> "pack" [penwidth=4.75, color="#5b6470", label="4×", style=dashed]',
      s, 1, true)
    assert.matches('"pack" -> "assembly" [penwidth=6.00, color="#5b6470", style=dashed]', s, 1,
      true)
    assert.matches('"body" -> "assembly" [penwidth=5.38, color="#1f2328"]', s, 1, true)
    assert.matches('color="#d9730d"', cm.data.us_car:dot(), 1, true)
  end)

  it("is in a file as it is in a text, the same each time", function()
    assert.equal(s, drawn(bus(), ".dot"))
    assert.equal(bus():dot{ direction = "down" }, drawn(bus(), ".GV", { direction = "down" }))
    assert.matches("rankdir=TB", bus():dot{ direction = "down" }, 1, true)
  end)
end)

describe("a chain in Mermaid", function()
  it("is a flowchart", function()
    assert.equal([[
flowchart LR
  accTitle: bus  [USD]
  s1["cells<br/>60"]
  s2["pack<br/>20<br/>CHN or BRA"]
  s3["body<br/>70<br/>by FRA"]
  s4["assembly<br/>40"]
  subgraph f1["CHN China"]
    s1
  end
  subgraph f2["BRA Brazil"]
    subgraph f2_1["too big"]
      s3
      s4
    end
    style f2_1 fill:none,stroke:#1f2328,stroke-dasharray:4
  end
  s1 -.->|"4×"| s2
  s2 -.-> s4
  s3 --> s4
  linkStyle 0 stroke:#5b6470,stroke-width:4.75px
  linkStyle 1 stroke:#5b6470,stroke-width:6.00px
  linkStyle 2 stroke:#1f2328,stroke-width:5.38px
]], drawn(bus(), ".mmd"))
  end)

  it("writes by number what would be HTML or Markdown", function()
    assert.matches('s1["a #34;b#34; #92;N #38; #60;i#62;#38;amp;#60;/i#62; #35;1; #96;c#96;<br/>',
      odd():mermaid(), 1, true)
  end)
end)

describe("a picture of a chain", function()
  local has_dot = os.execute "command -v dot >/dev/null"

  local function picture(name, test)
    it(name, function()
      if not has_dot then return pending "needs dot of Graphviz" end
      test()
    end)
  end

  picture("is SVG or PNG", function()
    local s = drawn(bus(), ".svg")
    assert.equal(4, select(2, s:gsub('class="node"', "")))
    assert.equal(3, select(2, s:gsub('class="cluster"', "")))
    assert.matches("^\x89PNG\r\n", drawn(bus(), ".png"))
  end)

  picture("shows any name as it is", function()
    local s = drawn(odd(), ".svg"):gsub("&#45;", "-"):gsub("&#160;", " ")
    assert.matches('a &quot;b&quot; \\N &amp; &lt;i&gt;&amp;amp;&lt;/i&gt; #1; `c`</text>', s, 1,
      true)
    assert.matches(">(the [moon])</text>", s, 1, true)
  end)

  it("says what to do where dot is not", function()
    local script = ([[PATH=/nowhere '%s' -e 'cm.data.us_car:draw "%s.svg"' 2>&1]]):format(
      blocks.program, path)
    local pipe = assert(io.popen(script))
    local said = pipe:read "a"
    assert.is_nil((pipe:close()))
    assert.matches("CM2030", said, 1, true)
    assert.matches("apt install graphviz", said, 1, true)
    assert.is_false(blocks.exists(path .. ".svg"))
  end)

  it("refuses what it cannot write", function()
    local c = bus()
    assert.equal("CM1509", refused(c.draw, c, "bus.pdf").number)
    assert.equal("CM1510", refused(c.draw, c, "/no/such/folder/bus.dot").number)
    assert.equal("CM1004", refused(c.draw, c, { "bus.dot", direction = "left" }).number)
    assert.equal("CM1001", refused(c.draw, c, { "bus.dot", directon = "left" }).number)
    assert.equal("CM1002", refused(c.draw, c).number)
  end)
end)
