local cm = require "capmod"
local text = require "capmod.text"
local refusal = dofile "tests/support/refusal.lua"

local function file_text(path)
  local file = assert(io.open(path, "rb"))
  local s = file:read "a"
  file:close()
  return s
end

local NAMES = { USA = "United States", KOR = "Korea", JPN = "Japan", DEU = "Germany",
  GBR = "United Kingdom", SGP = "Singapore", TWN = "Chinese Taipei", BRB = "Barbados",
  IRL = "Ireland" }

--- The 1998 car of the WTO's annual report, per 100 of price.
local function car(fields)
  local codes = { "USA", "KOR", "JPN", "DEU", "GBR", "SGP", "TWN", "BRB", "IRL" }
  local value = { 37, 30, 17.5, 7.5, 2.5, 2, 2, .75, .75 }
  local share = {}
  for i, v in ipairs(value) do share[i] = v / 100 end
  local t = {
    title = "US car: value by country (where the work is done)", unit = "per 100 of price",
    keys = { "country" },
    cols = { { name = "country", names = NAMES }, { name = "value", digits = 2 },
      { name = "share", format = "percent" } },
    columns = { country = codes, value = value, share = share },
  }
  for k, v in pairs(fields or {}) do t[k] = v end
  return cm.frame(t)
end

--- A frame of flows with two keys, from a fixed recurrence, so that every run has the same one.
local function flows(n, m)
  local rows, state = {}, 12345
  for i = 1, n do
    for j = 1, m do
      state = (state * 1103515245 + 12345) % 2147483648
      rows[#rows + 1] = { from = "R" .. i, to = "C" .. j, value = state / 1e6 }
    end
  end
  return cm.frame{ title = "flows", unit = "USD mn", keys = { "from", "to" },
    cols = { "from", "to", "value" }, rows = rows }
end

describe("a frame", function()
  setup(function() text.configure{ utf8 = true, columns = 100 } end)
  teardown(function() text.configure{} end)

  it("prints title, unit, names, shares and bars", function()
    assert.equal([[
US car: value by country (where the work is done)  [per 100 of price]
  country             value  share
  USA United States   37.00  37.0%  ████████████████████████
  KOR Korea           30.00  30.0%  ███████████████████
  JPN Japan           17.50  17.5%  ███████████
  DEU Germany          7.50   7.5%  █████
  GBR United Kingdom   2.50   2.5%  ██
  SGP Singapore        2.00   2.0%  █
  TWN Chinese Taipei   2.00   2.0%  █
  BRB Barbados         0.75   0.8%
  IRL Ireland          0.75   0.8%]], tostring(car()))
  end)

  it("prints the note over the numbers and the check under them", function()
    local s = tostring(car{ note = "illustrative", check = { "adds up: gap 0", "second" } })
    assert.matches("price%]\n  illustrative\n  country", s)
    assert.matches("0.8%%\n  adds up: gap 0\n  second$", s)
  end)

  it("prints in ASCII where the terminal has no UTF-8", function()
    text.configure{ utf8 = false, columns = 100 }
    local s = tostring(cm.frame{ title = "Côte d'Ivoire – a … b", bar = "v",
      rows = { { k = "é", v = 1 }, { k = "漢", v = math.huge } }, keys = { "k" } })
    text.configure{ utf8 = true, columns = 100 }
    assert.equal("Cote d'Ivoire - a ... b\n  k    v\n  e    1  " .. ("#"):rep(24)
      .. "\n  ?  inf  " .. ("#"):rep(24), s)
  end)

  it("prints twenty rows and says how to see the others", function()
    local f = flows(5, 5)
    local _, count = tostring(f):gsub("\n", "")
    assert.equal(22, count)
    assert.matches("\n  … 5 more rows; :show{ rows = 25 } prints all$", tostring(f))
  end)

  it("cuts long texts to the width of the terminal and never a number", function()
    local f = cm.frame{ keys = { "stage" }, cols = { "stage", "value", "about" },
      rows = { { stage = "assembly", value = 123456.5, about = ("word "):rep(60) } } }
    for _, width in ipairs{ 40, 60, 100 } do
      text.configure{ utf8 = true, columns = width }
      for line in tostring(f):gmatch "[^\n]+" do
        assert.is_true(text.width(line) <= width, line)
      end
      assert.matches("assembly  123,45[67]  word", tostring(f))
      assert.matches("…", tostring(f), 1, true)
    end
    text.configure{ utf8 = true, columns = 100 }
  end)

  it("leaves out the last columns where they cannot fit, and says so", function()
    local wide = flows(2, 30):pivot{ rows = "from", cols = "to", values = "value" }
    local s = tostring(wide)
    for line in s:gmatch "[^\n]+" do assert.is_true(text.width(line) <= 100, line) end
    assert.matches("… %d+ more columns: C%d+", s)
  end)

  it("prints blanks for what is missing, - for NaN and a sign for infinity", function()
    local f = cm.frame{ keys = { "k" }, cols = { "k", "v", "w" }, rows = {
      { k = "a", v = 0 / 0, w = 1.5 }, { k = "b", v = math.huge }, { k = "c", v = -0.0, w = 2 } } }
    assert.equal("  k  v     w\n  a  -  1.50\n  b  ∞\n  c  0  2.00", tostring(f))
  end)

  it("chooses decimals from the data", function()
    local function shown(...)
      local list = {}
      for _, v in ipairs{ ... } do list[#list + 1] = { v = v } end
      local f = cm.frame{ cols = { "v" }, rows = list }
      return (tostring(f):gsub("^.-\n", ""):gsub(" +", ""):gsub("\n", " "))
    end
    assert.equal("1 25", shown(1, 25.0))
    assert.equal("0.6618 0.1000", shown(0.66176, 0.1))
    assert.equal("37.00 7.50", shown(37, 7.5))
    assert.equal("1234.5 0.2", shown(1234.5, 0.2))
    assert.equal("69,268,600 12", shown(69268600.4, 12.2))
    assert.equal("-1,234,567", shown(-1234567))
    assert.equal("0.001200", shown(0.0012))
    assert.equal("1.250e-09", shown(1.25e-9))
    assert.equal("1.500e+20", shown(1.5e20))
  end)

  describe("answers", function()
    local f = car()
    it("by column and key", function()
      assert.equal(0.37, f.share.USA)
      assert.equal(30, f.value[2])
      assert.equal(9, #f)
      assert.equal(9, #f.share)
      assert.same({ country = "JPN", value = 17.5, share = .175 }, f[3])
      assert.is_nil(f[10])
      assert.equal(7.5, f:get{ country = "DEU" }.value)
      assert.equal("per 100 of price", f.unit)
    end)
    it("by several keys joined", function()
      local g = cm.frame{ keys = { "country", "sector" }, rows = {
        { country = "USA", sector = "C29", value = 1 },
        { country = "USA", sector = "M", value = 2 } } }
      assert.equal(2, g.value["USA.M"])
      assert.equal(1, g:get{ country = "USA", sector = "C29" }.value)
      assert.equal("CM1503", (refusal(g.get, g, { country = "USA" })))
    end)
    it("by keys that are numbers, not by place", function()
      local g = cm.frame{ keys = { "year" },
        rows = { { year = 2000, v = 5 }, { year = 1, v = 7 } } }
      assert.equal(5, g.v[2000])
      assert.equal(7, g.v[1])
      assert.equal("CM1502", (refusal(function() return g.v[2] end)))
    end)
    it("by row, in order", function()
      local seen = {}
      for row in f:rows() do seen[#seen + 1] = row.country end
      assert.equal("USA KOR JPN DEU GBR SGP TWN BRB IRL", table.concat(seen, " "))
      local keys = {}
      for key in pairs(f.value) do keys[#keys + 1] = key end
      assert.same(seen, keys)
    end)
    it("with the nearest name where a name is wrong", function()
      local number, message = refusal(function() return f.shrae end)
      assert.equal("CM1501", number)
      assert.matches("did you mean 'share'?", message, 1, true)
      number, message = refusal(function() return f.share.UAS end)
      assert.equal("CM1502", number)
      assert.matches("did you mean 'USA'?", message, 1, true)
    end)
  end)

  it("does not change", function()
    local f = car()
    assert.equal("CM1505", (refusal(function() f.value = 1 end)))
    assert.equal("CM1505", (refusal(function() f.value.USA = 1 end)))
    assert.equal("CM1505", (refusal(function()
      f:where(function(row) row.value = 1 end)
    end)))
    local before = tostring(f)
    f[1].value, f:column("value")[1] = 0, 0
    f:sort "value"
    f:map{ value = function() return 0 end }
    assert.equal(before, tostring(f))
    local source = { value = { 1, 2 } }
    local g = cm.frame{ columns = source }
    source.value[1] = 99
    assert.equal(1, g[1].value)
  end)

  it("refuses rows that do not fit its columns", function()
    local number, message = refusal(cm.frame, { cols = { "country", "value" },
      rows = { { country = "USA", valeu = 1 } } })
    assert.equal("CM1504", number)
    assert.matches("did you mean 'value'?", message, 1, true)
    assert.equal("CM1504", (refusal(cm.frame, { rows = { { v = {} } } })))
    assert.equal("CM1504", (refusal(cm.frame, { cols = { "v", "v" }, rows = {} })))
    assert.equal("CM1504", (refusal(cm.frame, { n = 1, columns = { v = { 1, 2 } } })))
    assert.equal("CM1501", (refusal(cm.frame, { keys = { "k" }, rows = { { v = 1 } } })))
    assert.equal("CM1002", (refusal(cm.frame, { title = "empty" })))
    assert.equal("CM1004", (refusal(cm.frame, { cols = { { name = "v", format = "precent" } },
      rows = {} })))
  end)
end)

describe("the verbs of a frame", function()
  local f = cm.frame{ unit = "USD", keys = { "k" }, cols = { "k", "g", "v" }, rows = {
    { k = "a", g = "x", v = 3 }, { k = "b", g = "y", v = 1 }, { k = "c", g = "x" },
    { k = "d", g = "y", v = 3 }, { k = "e", g = "x", v = 0 / 0 }, { k = "f", g = "y", v = 2 } } }
  local function keys(frame) return table.concat(frame:column "k") end

  it("sort, equal rows in their order, what is missing last", function()
    assert.equal("bfadec", keys(f:sort "v"))
    assert.equal("adfbec", keys(f:sort{ by = "v", descending = true }))
    assert.equal("bdface", keys(f:sort{ by = { "g", "v" }, descending = { "g" } })
      :gsub("^bfd", "bdf"):gsub("aec", "ace"))
    assert.equal("aecbfd", keys(f:sort{ by = { "g", "v" } }))
    assert.equal("CM1501", (refusal(f.sort, f, "w")))
  end)

  it("take the top", function()
    assert.equal("adf", keys(f:top(3, "v")))
    assert.equal("ad", keys(f:top(2)))
    assert.equal("adfbec", keys(f:top(99)))
    assert.equal("CM1508", (refusal(f.top, f, 2, "g")))
  end)

  it("take the top of what they sort", function()
    local g = flows(20, 30)
    local sorted = g:sort{ by = "value", descending = true }
    for _, n in ipairs{ 0, 1, 7, 600 } do
      local top = g:top(n)
      assert.equal(n, #top)
      for i = 1, n do assert.same(sorted[i], top[i]) end
    end
    local values = sorted:column "value"
    for i = 2, #values do assert.is_true(values[i - 1] >= values[i]) end
    assert.near(g:sum "value", sorted:sum "value", 1e-12 * g:sum "value")
  end)

  it("choose rows by function and by cells", function()
    assert.equal("ad", keys(f:where(function(row) return row.v == 3 end)))
    assert.equal("bdf", keys(f:where{ g = "y" }))
    assert.equal("af", keys(f:where{ k = { "a", "f" } }))
    assert.equal("d", keys(f:where{ g = "y", v = 3 }))
    assert.equal(0, #f:where{ g = "z" })
    assert.equal("CM1501", (refusal(f.where, f, { w = 1 })))
    assert.equal("CM1501", (refusal(f.where, f, function(row) return row.w end)))
  end)

  it("choose countries in any spelling, and by selectors", function()
    local g = cm.frame{ cols = { { name = "country", kind = "country" }, "value" }, rows = {
      { country = "USA", value = 1 }, { country = "DEU", value = 2 },
      { country = "FRA", value = 3 }, { country = "(freight)", value = 4 } } }
    local function sum(wish) return g:where{ country = wish }:sum "value" end
    assert.equal(2, sum "Germany")
    assert.equal(3, sum{ "United States", "de" })
    assert.equal(5, sum "EU27_2020")
    assert.equal(3, sum "EU27_2020 - DEU")
    assert.equal(4, sum "(freight)")
    assert.equal(0, sum "KOR")
    assert.matches("^CM11", (refusal(sum, "Germny")))
    assert.equal(2, g.value.Germany)
  end)

  it("choose and rename columns", function()
    local g = f:select{ { "v", as = "value", digits = 1 }, "k" }
    assert.same({ "value", "k" }, g:columns())
    assert.equal(3, g.value.a)
    assert.equal("USD", g:spec("value").unit)
    assert.equal("CM1506", (refusal(f.select, f, { "k", { "v", as = "k" } })))
  end)

  it("add columns that see each row", function()
    local g = f:map{ double = function(row) return row.v and 2 * row.v end,
      tag = { function(row) return row.k .. row.g end } }
    assert.same({ "k", "g", "v", "double", "tag" }, g:columns())
    assert.equal(6, g.double.a)
    assert.is_nil(g.double.c)
    assert.equal("dy", g.tag.d)
  end)

  it("add up groups: sum, mean, extremes, count", function()
    local g = cm.frame{ unit = "t", cols = { "who", "n", "w" }, rows = {
      { who = "a", n = 1, w = 10 }, { who = "b", n = 2, w = 20 }, { who = "a", n = 3 },
      { who = "b", n = 4, w = 60 } } }
      :group{ by = "who", sum = "n", mean = { "n", "w" }, max = "w", count = "rows" }
    assert.same({ "who", "mean n", "sum n", "max w", "mean w", "rows" }, g:columns())
    assert.equal(4, g["sum n"].a)
    assert.equal(2, g["mean n"].a)
    assert.equal(10, g["mean w"].a)
    assert.equal(60, g["max w"].b)
    assert.equal(2, g:column("rows")[2])
    assert.equal("t", g:spec("sum n").unit)
  end)

  it("conserve the total when they group", function()
    local g = flows(40, 25)
    local total = g:sum "value"
    for _, by in ipairs{ "from", "to" } do
      local h = g:group{ by = by }
      assert.near(total, h:sum "value", 1e-12 * total)
    end
    assert.equal(40, #g:group{ by = "from" })
  end)

  it("sum without losing small numbers beside large ones", function()
    local g = cm.frame{ columns = { v = { 1, 1e100, 1, -1e100 } } }
    assert.equal(2, g:sum "v")
    assert.equal(0, cm.frame{ cols = { { name = "v", kind = "number" } }, rows = {} }:sum "v")
  end)

  it("pivot, and turn back", function()
    local g = flows(4, 3)
    local p = g:pivot{ rows = "from", cols = "to", values = "value" }
    assert.same({ "from", "C1", "C2", "C3" }, p:columns())
    assert.equal(g.value["R3.C2"], p.C2.R3)
    local back = p:unpivot{ names = "to" }
    assert.equal(#g, #back)
    for i = 1, #g do assert.same(g[i], back[i]) end
    assert.equal("USD mn", back:spec("value").unit)
  end)

  it("fill what a pivot leaves open, and refuse two values in one place", function()
    local g = f:where(function(row) return row.v == row.v and row.v end)
    assert.equal(0, g:pivot{ rows = "k", cols = "g", values = "v", fill = 0 }.y.a)
    assert.is_nil(g:pivot{ rows = "k", cols = "g", values = "v" }.y.a)
    local twice = g:append(g:where{ k = "a" })
    local number, message = refusal(twice.pivot, twice, { rows = "k", cols = "g", values = "v" })
    assert.equal("CM1503", number)
    assert.matches('group{ by = { "k", "g" } }', message, 1, true)
  end)

  describe("join", function()
    local a = cm.frame{ unit = "USD", keys = { "c" },
      rows = { { c = "USA", x = 1 }, { c = "KOR", x = 2 } } }
    local b = cm.frame{ unit = "EUR", keys = { "c" },
      rows = { { c = "KOR", y = 5 }, { c = "DEU", y = 6 } } }
    it("keeps the left rows unless told otherwise", function()
      local j = a:join(b)
      assert.same({ { c = "USA", x = 1 }, { c = "KOR", x = 2, y = 5 } }, { j[1], j[2] })
      assert.equal(1, #a:join(b, { how = "inner" }))
      local full = a:join(b, { how = "full", by = "c" })
      assert.same({ c = "DEU", y = 6 }, full[3])
    end)
    it("keeps the units apart", function()
      local j = a:join(b)
      assert.equal("USD", j:spec("x").unit)
      assert.equal("EUR", j:spec("y").unit)
      assert.matches("y %[EUR%]", tostring(j))
    end)
    it("refuses what is ambiguous", function()
      assert.equal("CM1506", (refusal(a.join, a, a)))
      assert.equal("CM1503", (refusal(a.join, a, b:append(b))))
      assert.equal("CM1002", (refusal(a.join, a, cm.frame{ rows = { { z = 1 } } })))
      assert.equal("CM1004", (refusal(a.join, a, b, { how = "outer" })))
    end)
  end)

  it("append rows of the same columns and units", function()
    local a = cm.frame{ unit = "USD", rows = { { c = "USA", x = 1 } } }
    local b = cm.frame{ unit = "USD", rows = { { c = "DEU", x = 2 } } }
    assert.equal(3, a:append(b):sum "x")
    assert.equal("CM1401", (refusal(a.append, a,
      cm.frame{ unit = "EUR", rows = { { c = "DEU", x = 2 } } })))
    assert.equal("CM1507", (refusal(a.append, a, cm.frame{ rows = { { c = "DEU", x = 2 } } })))
    local million = cm.frame{ unit = "USD mn", rows = { { c = "USA", x = 1 } } }
    assert.equal(2, #million:append(cm.frame{ unit = "USD million",
      rows = { { c = "DEU", x = 2 } } }))
  end)

  it("stay quick on a hundred thousand rows", function()
    local n = 100000
    local columns = { country = {}, sector = {}, year = {}, a = {}, b = {}, c = {} }
    for i = 1, n do
      columns.country[i], columns.sector[i], columns.year[i] = "C" .. i % 50, "S" .. i % 40, i % 51
      columns.a[i], columns.b[i], columns.c[i] = i, i * 7919 % 10007, 1 / i
    end
    local began = os.clock()
    local big = cm.frame{ keys = { "country", "sector", "year" }, columns = columns }
    local g = big:where{ sector = { "S1", "S2" } }:sort "b":group{ by = "country" }
    big:top(10, "b")
    big:map{ d = function(row) return row.a + row.b end }
    assert.is_true(os.clock() - began < 5)
    assert.near(big:where{ sector = { "S1", "S2" } }:sum "a", g:sum "a", 1e-3)
  end)
end)

describe("a frame as a document", function()
  local f = cm.frame{ title = "a_b & c", unit = "%", keys = { "k" },
    cols = { "k", { name = "v", digits = 1 } },
    rows = { { k = "x|y_z", v = 1 }, { k = "$#", v = 2 } } }
  it("is Markdown", function()
    assert.equal("**a\\_b & c  \\[%\\]**\n\n| k | v |\n| --- | ---: |\n| x\\|y\\_z | 1.0 |\n"
      .. "| $# | 2.0 |\n", f:markdown())
  end)
  it("is LaTeX", function()
    assert.equal("% a_b & c  [%]\n\\begin{tabular}{lr} \\hline\n  k & v \\\\ \\hline\n"
      .. "  x\\textbar{}y\\_z & 1.0 \\\\\n  \\$\\# & 2.0 \\\\ \\hline\n\\end{tabular}\n", f:latex())
  end)
end)

describe("a saved frame", function()
  local path
  before_each(function()
    path = os.tmpname()
    os.remove(path)
    path = path .. ".csv"
  end)
  after_each(function() os.remove(path) end)

  it("is one line a value with 17 digits", function()
    cm.frame{ unit = "USD", keys = { "country" }, cols = { "country", "about", "value",
      { name = "share", format = "percent" } }, rows = {
      { country = "USA", about = 'say "hi", all', value = 0.1, share = 1 / 3 },
      { country = "KOR", value = 2 } } }:save(path)
    assert.equal([[
country,about,measure,value,unit
USA,"say ""hi"", all",value,0.10000000000000001,USD
USA,"say ""hi"", all",share,0.33333333333333331,
KOR,,value,2,USD
KOR,,share,,
]], file_text(path))
  end)

  it("comes back with every bit, in both forms", function()
    local rows, state = {}, 1
    for i = 1, 300 do
      state = (state * 1103515245 + 12345) % 2147483648
      rows[i] = { id = "r" .. i, note = i % 3 == 0 and "a, \"b\"\nc" or nil, n = i,
        v = (state / 2147483648 - .5) * 10.0 ^ (i % 600 - 300) }
    end
    rows[7].v, rows[8].v, rows[9].v = math.huge, -math.huge, nil
    local f = cm.frame{ keys = { "id" }, cols = { "id", "note", "v", "n" }, rows = rows }
    for _, wide in ipairs{ false, true } do
      f:save{ path, wide = wide }
      local g = cm.frame.load(path)
      assert.equal(#f, #g)
      for i = 1, #f do assert.same(rows[i], g[i]) end
    end
  end)

  it("keeps a file whole where it cannot write", function()
    cm.frame{ rows = { { v = 1 } } }:save(path)
    local before = file_text(path)
    assert.is_nil(io.open(path .. ".part"))
    assert.equal("CM1510", (refusal(function()
      cm.frame{ rows = { { v = 2 } } }:save "/no/such/folder/x.csv"
    end)))
    assert.equal(before, file_text(path))
  end)

  it("knows its form by the ending", function()
    local md = path:gsub("csv$", "md")
    local f = cm.frame{ rows = { { v = 1 } } }
    f:save{ md }
    assert.equal(f:markdown(), file_text(md))
    os.remove(md)
    assert.equal("CM1509", (refusal(f.save, f, "x.docx")))
    assert.equal("CM1001", (refusal(f.save, f, { md, wied = true })))
    assert.equal("CM1002", (refusal(f.save, f, { wide = true })))
  end)

  it("refuses files of other make with the line", function()
    local file = io.open(path, "w")
    file:write "a,b\n1,2\n1,2,3\n"
    file:close()
    local number, message = refusal(cm.frame.load, path)
    assert.equal("CM1511", number)
    assert.matches("line 3: 3 fields, but the header has 2", message, 1, true)
    assert.equal("CM1510", (refusal(cm.frame.load, "/no/such/file.csv")))
  end)

  it("takes numbers as numbers and codes as text", function()
    local file = io.open(path, "w")
    file:write "code,v,w\n007,1e3,-.5\n012,2,\n"
    file:close()
    local f = cm.frame.load(path)
    assert.same({ { code = "007", v = 1000, w = -.5 }, { code = "012", v = 2 } }, { f[1], f[2] })
  end)
end)

describe("a terminal", function()
  local core = require "capmod.core"
  --- What a frame prints in a process with this environment.
  local function printed(environment)
    local code = "print(cm.frame{ bar = 'v', keys = { 'k' }, rows = { { k = 'Réunion', v = 1 } } })"
    local pipe = io.popen(("env -u LC_ALL -u LC_CTYPE -u LANG -u NO_COLOR -u COLUMNS %s "
      .. "'%s/../../bin/capmod' -e \"%s\""):format(environment, core.home, code))
    local s = pipe:read "a"
    pipe:close()
    return s
  end
  it("of UTF-8 is given blocks, any other ASCII", function()
    local blocks = "  k        v\n  Réunion  1  " .. ("█"):rep(24) .. "\n"
    local plain = "  k        v\n  Reunion  1  " .. ("#"):rep(24) .. "\n"
    assert.equal(blocks, printed "LANG=de_DE.utf8")
    assert.equal(blocks, printed "LANG=C LC_ALL=C.UTF-8")
    assert.equal(plain, printed "LANG=C.UTF-8 LC_ALL=C")
    assert.equal(plain, printed "")
    assert.equal(plain, printed "LANG=C.UTF-8 NO_COLOR=1")
    assert.equal(blocks, printed "LANG=C.UTF-8 NO_COLOR=")
  end)
  it("says how wide it is by COLUMNS", function()
    assert.matches("1  " .. ("#"):rep(24) .. "\n$", printed "COLUMNS=42")
    assert.matches("1  " .. ("#"):rep(24) .. "\n$", printed "COLUMNS=wide")
  end)
end)

describe("text", function()
  it("knows the width of what is shown", function()
    assert.equal(5, text.width "Korea")
    assert.equal(4, text.width "日本")
    assert.equal(1, text.width "e\u{301}")
    assert.equal(3, text.width "\xff\xfe\xfd")
  end)
  it("cuts whole characters", function()
    text.configure{ utf8 = true }
    assert.equal("日…", text.cut("日本国", 4))
    assert.equal("Côt…", text.cut("Côte d'Ivoire", 4))
    assert.equal("Côte…", text.cut("Côte d'Ivoire", 6))
    text.configure{ utf8 = false }
    assert.equal("C...", text.cut("Cameroon", 4))
    text.configure{}
  end)
  it("finds the fewest decimals that show a list", function()
    assert.equal(2, text.exact_digits({ 0.15, 0.25, 0.35 }, 3))
    assert.equal(0, text.exact_digits({ 60, 90 }, 2))
    assert.equal(6, text.exact_digits({ 1 / 3 }, 1))
  end)
end)

describe("the errors of frames", function()
  for number, entry in require "capmod.each"(require "capmod.errors.cm15") do
    it(("CM%d is what its example provokes"):format(number), function()
      assert.equal(("CM%d"):format(number), (refusal(assert(load(entry.example)))))
    end)
  end
end)
