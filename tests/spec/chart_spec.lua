--- Charts of frames. What they must show is written down by hand; positions in SVG follow from the
--- ends of the axes.
local cm = require "capmod"
local text = require "capmod.text"

local function refused(f, ...)
  local ok, e = pcall(f, ...)
  assert.is_false(ok)
  return e
end

local function costs()
  return cm.frame{ unit = "USD", keys = { "year", "firm" }, rows = {
    { year = 2010, firm = "A", cost = 0, lo = -1, hi = 2 },
    { year = 2011, firm = "A", cost = 4, lo = 3, hi = 5 },
    { year = 2012, firm = "A", cost = 8, lo = 6, hi = 8 },
    { year = 2010, firm = "B", cost = 8, lo = 8, hi = 8 },
    { year = 2012, firm = "B", cost = 2, lo = 1, hi = 3 },
  } }
end

local function parts()
  return cm.frame{ keys = { "place", "part" }, rows = {
    { place = "X", part = "wages", value = 2 }, { place = "X", part = "profit", value = -1 },
    { place = "Y", part = "wages", value = 1 }, { place = "Y", part = "profit", value = 3 },
  } }
end

describe("a chart on a terminal", function()
  before_each(function() text.configure{ utf8 = true, columns = 40 } end)
  after_each(function() text.configure{} end)

  it("puts points on a grid", function()
    local chart = costs():chart{ x = "year", y = "cost", series = "firm", title = "costs" }
    -- 22 columns for 2010 to 2012, so 2011 is in the twelfth; 5 lines for 0 to 8, 2 to a line
    assert.equal([[
costs  [USD]
    8.00 │○                    ●
         │
         │           ●
         │                     ○
    0.00 │●
         └──────────────────────
          2010              2012  year
          ● A   ○ B]], chart:text{ height = 5 })
  end)

  it("marks intervals and zero", function()
    local s = costs():where{ firm = "A" }:chart{ x = "year", y = "cost", low = "lo", high = "hi" }
      :text{ height = 10, width = 40 }
    -- a line for each of -1 to 8
    assert.equal([[
cost by year  [USD]
    8.00 │                     ●
         │                     ┆
         │                     ┆
         │           ┆
         │           ●
         │           ┆
         │┆
         │┆
    0.00 │●
   -1.00 │┆
         └──────────────────────
          2010              2012  year]], s)
  end)

  it("draws bars", function()
    -- 40 - 6 - 4 - 7 = 23 cells for 2.5
    assert.equal([[
value by part
  wages   2.50  ███████████████████████
  profit  1.25  ████████████]], tostring(cm.frame{ keys = { "part" }, rows = {
      { part = "wages", value = 2.5 }, { part = "profit", value = 1.25 } } }:chart()))
  end)

  it("draws bars both ways, and stacks them", function()
    -- 40 - 1 - 2 - 7 = 30 cells for -1 to 3, 7.5 to one
    assert.equal([[
value by place
  X   2          │███████████████
     -1  ▒▒▒▒▒▒▒▒│
  Y   1          │███████
      3          │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
  █ wages   ▒ profit]], tostring(parts():chart{ x = "place", y = "value", series = "part" }))
    -- 31 cells for -1 to 4, 6.2 to one
    assert.equal([[
value by place
  X  1  ▒▒▒▒▒▒│█████████████
  Y  4        │██████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
  █ wages   ▒ profit]], tostring(parts():chart{ x = "place", y = "value", series = "part",
      kind = "stacked" }))
  end)

  it("is ASCII where it has to be", function()
    text.configure{ utf8 = false, columns = 60 }
    for _, kind in ipairs{ "line", "scatter", "bar", "stacked" } do
      local s = tostring(costs():chart{ x = "year", y = "cost", series = "firm", kind = kind,
        title = "coûts – €" })
      assert.is_nil(s:find "[\128-\255]")
      assert.is_nil(s:find("?", 1, true))
      assert.matches("^couts %- EUR  %[USD%]\n", s)
    end
  end)

  it("is as wide as the terminal, up to 100 columns", function()
    for columns, most in pairs{ [50] = 50, [80] = 80, [200] = 100 } do -- any order
      text.configure{ utf8 = true, columns = columns }
      local widest = 0
      for _, question in ipairs{ { x = "year", series = "firm" },
        { x = "firm", kind = "scatter" }, { x = "year", series = "firm", kind = "bar" } } do
        question.y = "cost"
        for line in tostring(costs():chart(question)):gmatch "[^\n]+" do
          widest = math.max(widest, text.width(line))
        end
      end
      assert.is_true(widest <= most and widest > most - 8, ("%d of %d"):format(widest, most))
    end
  end)

  it("writes shares as percent, and numbers of any size", function()
    text.configure{ utf8 = true, columns = 80 }
    local f = cm.data.us_car:decompose():chart{ x = "country", y = "share" }
    assert.matches("USA United States   37.0%  █", tostring(f), 1, true)
    local function ends(a, b)
      return tostring(cm.frame{ rows = { { x = 1, y = a }, { x = 2, y = b } } }:chart{ x = "x",
        y = "y" })
    end
    assert.matches("\n2,000,000 │.*\n          │\n1,000,000 │●", ends(1e6, 2e6))
    assert.matches("0.00002000 │", ends(1e-5, 2e-5), 1, true)
    assert.matches("e+20 │", ends(1e20, 2e20), 1, true)
    assert.matches("│●", ends(3, 3), 1, true)
  end)
end)

describe("a chart in SVG", function()
  local function count(s, what) return select(2, s:gsub(what, "")) end

  it("has a line, a band and points for each series, and breaks where a cell is empty", function()
    local s = costs():chart{ x = "year", y = "cost", series = "firm", low = "lo", high = "hi" }
      :svg()
    assert.equal(2, count(s, "<polyline"))
    assert.equal(2, count(s, "<polygon"))
    assert.equal(5, count(s, "<circle"))
    s = cm.frame{ cols = { "x", { "y", kind = "number" } }, rows = { { 1, 1 }, { 2, 2 }, { 3 },
      { 4, 0 / 0 }, { 5, 1 }, { 6, 2 } } }:chart{ x = "x", y = "y" }:svg()
    assert.equal(2, count(s, "<polyline"))
    assert.equal(4, count(s, "<circle"))
  end)

  it("puts points where the axes say", function()
    local s = cm.frame{ rows = { { x = 0, y = 0 }, { x = 1, y = 5 }, { x = 2, y = 10 } } }
      :chart{ x = "x", y = "y", kind = "scatter" }:svg{ width = 500, height = 300 }
    local at = {}
    for x, y in s:gmatch '<circle cx="([%d.]+)" cy="([%d.]+)"' do
      at[#at + 1] = { tonumber(x), tonumber(y) }
    end
    assert.near((at[1][1] + at[3][1]) / 2, at[2][1], 0.02)
    assert.near((at[1][2] + at[3][2]) / 2, at[2][2], 0.02)
    assert.equal(300 - 48, at[1][2])
    assert.equal(500 - 24 - 8, at[3][1])
    for _, mark in ipairs{ ">0<", ">2<", ">10<", ">0.5<", ">1.5<" } do
      assert.matches(mark, s, 1, true)
    end
  end)

  it("has bars whose lengths are as the values", function()
    local f = cm.frame{ keys = { "a" }, rows = { { a = "p", v = 4 }, { a = "q", v = 1 } } }
    local s = f:chart():svg()
    local widths = {}
    for width in s:gmatch 'width="([%d.]+)" height="17" fill="#0072b2"' do
      widths[#widths + 1] = tonumber(width)
    end
    assert.equal(2, #widths)
    assert.near(4, widths[1] / widths[2], 1e-3)
    assert.equal(4, count(parts():chart{ x = "place", y = "value", series = "part",
      kind = "stacked" }:svg(), 'height="17" fill'))
  end)

  it("is sound XML whatever the names are", function()
    local s = cm.frame{ keys = { "a" }, rows = { { a = "<&>\"\1\255", v = 1 } } }
      :chart{ title = "a < b & \"c\"" }:svg()
    assert.matches("<title>a &lt; b &amp; &quot;c&quot;</title>", s, 1, true)
    assert.matches(">&lt;&amp;&gt;&quot; ?</text>", s, 1, true)
    assert.is_nil(s:find "[\0-\9\11-\31]")
    assert.is_nil(s:find("http", #'<svg xmlns="http://www.w3.org/2000/svg"', true))
  end)

  it("is saved, and as text too", function()
    local path = os.tmpname()
    local chart = costs():chart{ x = "year", y = "cost", series = "firm" }
    local form = { svg = chart:svg{ width = 900 }, txt = chart:text{ width = 90 } .. "\n" }
    for ending, wanted in pairs(form) do -- any order
      local width = ending == "svg" and 900 or 90
      assert.equal(chart, chart:save{ path .. "." .. ending, width = width })
      local file = assert(io.open(path .. "." .. ending, "rb"))
      assert.equal(wanted, file:read "a")
      file:close()
      os.remove(path .. "." .. ending)
    end
    os.remove(path)
    assert.equal("CM1509", refused(chart.save, chart, "x.png").number)
    assert.equal("CM1510", refused(chart.save, chart, "/no/such/folder/x.svg").number)
    assert.equal("CM1004", refused(chart.svg, chart, { width = 3 }).number)
    assert.equal("CM1001", refused(chart.save, chart, { "x.svg", wide = 3 }).number)
    assert.equal("CM3124", refused(function() chart.x = 1 end).number)
  end)
end)

describe("a chart is refused", function()
  local function number(f, t) return refused(f.chart, f, t).number end

  it("where columns are not there, or hold no numbers", function()
    local f = costs()
    assert.equal("CM1501", number(f, { x = "yaer" }))
    assert.equal("CM1501", number(f, { x = "year", series = "frim" }))
    assert.equal("CM1508", number(f, { x = "year", y = "firm" }))
    assert.equal("CM1004", number(f, { x = "year", kind = "pie" }))
    assert.equal("CM1001", number(f, { z = "year" }))
    assert.equal("CM3122", number(f:where{ firm = "C" }, { x = "year", y = "cost" }))
  end)

  it("where rows are not told apart", function()
    assert.equal("CM3121", number(costs(), { x = "year", y = "cost" }))
    assert.equal("CM3121", number(costs(), { x = "firm", y = "cost" }))
    assert.matches("rows 1 and 4 have the same year", refused(costs().chart, costs(),
      { x = "year", y = "cost" }).message, 1, true)
    assert.matches("●", tostring(costs():chart{ x = "year", y = "cost", kind = "scatter" }))
  end)

  it("where intervals are none", function()
    local f = costs():where{ firm = "A" }
    assert.equal("CM3120", number(f, { x = "year", y = "cost", low = "lo" }))
    assert.equal("CM3120", number(f, { x = "year", y = "cost", low = "hi", high = "lo" }))
    assert.equal("CM3120", number(f, { x = "year", y = { "cost", "lo" }, low = "lo", high = "hi" }))
    assert.equal("CM3120", number(costs(), { x = "year", y = "cost", series = "firm",
      kind = "stacked", low = "lo", high = "hi" }))
  end)

  it("where units differ, and where there is too much", function()
    local f = cm.frame{ keys = { "y" }, cols = { "y", { "a", unit = "USD" }, { "b", unit = "t" } },
      rows = { { 1, 1, 1 } } }
    assert.matches("^CM14", number(f, { x = "y", y = { "a", "b" } }))
    local rows = {}
    for k = 1, 61 do rows[k] = { k = "k" .. k, v = k } end
    assert.equal("CM3123", number(cm.frame{ keys = { "k" }, rows = rows }, {}))
    assert.equal("CM3120", number(costs(), { x = "year", y = { "cost", "lo" }, series = "firm" }))
  end)
end)
