--- Pages of results: what stands in them, and that nothing in them is taken for markup.
local folder = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$"
local program = dofile(folder .. "/../support/program.lua")
local cm = require "capmod"
local report = require "capmod.report"
local text = require "capmod.text"

local EVIL = "<script>alert('&\"')</script>"
local TAME = "&lt;script&gt;alert('&amp;&quot;')&lt;/script&gt;"

local function contents(path)
  local file = assert(io.open(path, "rb"))
  local s = file:read "a"
  file:close()
  return s
end

local function count(s, wanted)
  local n, at = 0, 1
  while true do
    local first, last = s:find(wanted, at, true)
    if not first then return n end
    n, at = n + 1, last + 1
  end
end

--- Every element that is opened is closed, in order; returns how often each one stands there.
local function well_formed(page)
  local void = { meta = true, ["!DOCTYPE"] = true }
  local stack, seen = {}, {}
  page = page:gsub("<style>.-</style>", "")
  for slash, name, rest in page:gmatch "<(/?)([%a!][%w]*)([^<>]*)>" do
    if slash == "/" then
      assert.equal(name, table.remove(stack))
    else
      seen[name] = (seen[name] or 0) + 1
      if not void[name] and rest:sub(-1) ~= "/" then stack[#stack + 1] = name end
    end
  end
  assert.equal(0, #stack)
  return seen
end

--- A scenario whose every text is hostile.
local function hostile()
  local f = cm.frame{ title = "title " .. EVIL, unit = "USD" .. EVIL, keys = { "year" },
    note = "note " .. EVIL, check = "check " .. EVIL,
    cols = { "year", { name = "cost", label = "cost " .. EVIL }, "what" .. EVIL },
    rows = { { 2010, 3.5, EVIL }, { 2011, 3, "tail\1\255" } } }
  local params = { [EVIL] = { 3, unit = EVIL, about = EVIL } }
  return cm.scenario{ name = "name " .. EVIL, about = "about " .. EVIL, params = params,
    run = function()
      return { [EVIL .. "1"] = 1.5, word = EVIL, table = f, chain = cm.data.us_car,
        picture = f:chart{ title = "chart " .. EVIL, y = "cost" } }
    end }
end

describe("a table of HTML", function()
  it("has a caption, a head, rows, notes and checks", function()
    local f = cm.frame{ title = "value", unit = "USD", keys = { "country" }, note = "a note",
      check = "adds up", cols = { { name = "country", kind = "country" },
        { name = "share", format = "percent" }, { name = "x", digits = 2 } },
      rows = { { "KOR", 0.25, 1 }, { "JPN", 0.75, 1 / 0 }, { "DEU" } } }
    assert.equal([[
<p class="note">a note</p>
<table>
<caption>value  [USD]</caption>
<thead><tr><th scope="col">country</th><th scope="col" class="number">share</th>]]
      .. [[<th scope="col" class="number">x</th></tr></thead>
<tbody>
<tr><td>KOR Korea</td><td class="number">25.0%</td><td class="number">1.00</td></tr>
<tr><td>JPN Japan</td><td class="number">75.0%</td><td class="number">∞</td></tr>
<tr><td>DEU Germany</td><td class="number"></td><td class="number"></td></tr>
</tbody></table>
<p class="note">adds up</p>
]], f:html())
    assert.matches("<p class=\"note\">… 2 more rows</p>", f:html{ rows = 1 }, 1, true)
    assert.equal(1, count(f:html{ rows = 1 }, "<td>"))
  end)
end)

describe("a page of results", function()
  it("holds parameters, outputs, tables, charts, provenance and how to cite", function()
    local path = os.tmpname()
    local s = cm.scenario{ name = "shoes", about = "what a duty does", params = {
      tariff = { 0.17, unit = "ad valorem", about = "importer's duty" } },
      run = function(p)
        return { cost = 15 * (1 + p.tariff), path = cm.frame{ keys = { "year" }, rows = {
          { year = 2010, cost = 3 }, { year = 2011, cost = 2 } } } }
      end }
    local r = s:run()
    assert.equal(r, r:report(path))
    local page = contents(path)
    os.remove(path)
    local seen = well_formed(page)
    assert.same({ 3, 1, 1 }, { seen.table, seen.svg, seen.h1 })
    for _, part in ipairs{ "<title>shoes</title>",
        "<td>tariff</td><td class=\"number\">0.1700</td>",
        "<td>cost</td><td class=\"number\">17.5500</td>", "<h3>path</h3>", "<dt>capmod</dt>",
        "<dt>script</dt>", "<h2>How to cite</h2>", "The capmod authors" } do
      assert.equal(1, count(page, part), part)
    end
    local whole = report.page("shoes", { { name = "shoes", value = r, scenario = s } })
    assert.equal(1, count(whole, "importer's duty"))
    assert.equal(1, count(whole, "<p>what a duty does</p>"))
  end)

  it("loads nothing and runs nothing", function()
    local page = report.page("x", { { name = "car", value = cm.data.us_car:decompose() } })
    assert.is_nil(page:find "<script")
    assert.is_nil(page:find "<link")
    assert.is_nil(page:find " src=")
    assert.is_nil(page:find "url%(")
    assert.is_nil(page:gsub('xmlns="http://www.w3.org/2000/svg"', ""):find "https?://")
    assert.matches("default-src 'none'", page, 1, true)
  end)

  it("takes no text for markup", function()
    local s = hostile()
    local page = report.page("page " .. EVIL, { { name = s.name, value = s:run(), scenario = s },
      { name = "list " .. EVIL, value = EVIL } })
    assert.is_nil(page:find("<script", 1, true))
    for _, before in ipairs{ "<h1>page ", "<title>page ", "<h2>name ", "<p>about ",
        "<caption>title ", "note\">note ", "note\">check ", ">cost ", "<td>",
        ">chart ", "<dd>name ", "<h2>list " } do
      assert.is_true(count(page, before .. TAME) >= 1, before)
    end
    assert.matches("tail ?", page, 1, true)
    well_formed(page)
    assert.is_truthy(utf8.len(page))
  end)

  it("draws charts that were asked for, and others where none was", function()
    local car = cm.data.us_car:decompose()
    local function charts(value)
      return count(report.page("x", { { name = "x", value = value } }), "<svg")
    end
    assert.equal(1, charts(car))
    assert.equal(1, charts(car:chart{ x = "country", y = "value" }))
    assert.equal(0, charts(cm.frame{ keys = { "variable" }, rows = {
      { variable = "cost", value = 1 }, { variable = "jobs", value = 2 } } }))
    local function run(outputs)
      return cm.scenario{ name = "s", run = function() return outputs end }:run()
    end
    local function pairs_of(n, more)
      local rows = {}
      for year = 2026, 2028 do
        for k = 1, n do
          rows[#rows + 1] = { year = year, who = "w" .. k, jobs = year % 7 * k, cost = more and k }
        end
      end
      return cm.frame{ keys = { "year", "who" }, rows = rows }
    end
    assert.equal(1, charts(pairs_of(3))) -- a line for each
    assert.equal(0, charts(pairs_of(3, true))) -- two figures
    local function years(...)
      local rows = {}
      for year = 2026, 2028 do
        rows[#rows + 1] = { year = year }
        for k, name in ipairs{ ... } do rows[#rows][name] = k * year % 5 end
      end
      return cm.frame{ keys = { "year" }, rows = rows }
    end
    assert.equal(1, charts(years "cost"))
    assert.equal(3, charts(years("cost", "invested", "jobs"))) -- a chart for each figure
    assert.equal(4, charts(years("a", "b", "c", "d", "e")))
    assert.equal(0, charts(pairs_of(7))) -- too many to be told apart
    assert.equal(1, charts(run{ a = car, b = car:chart() }))
    assert.equal(2, charts(run{ a = car, b = car }))
  end)

  it("is the same on any terminal, and shows long tables in part", function()
    local rows = {}
    for i = 1, 1003 do rows[i] = { i = i, far = 1 / 0 } end
    local items = { { name = "x", value = cm.frame{ rows = rows } },
      { name = "car", value = cm.data.us_car } }
    text.configure{ utf8 = false, columns = 40 }
    local narrow = report.page("x", items)
    text.configure{ utf8 = true, columns = 200 }
    local wide = report.page("x", items)
    text.configure{}
    assert.equal(narrow, wide)
    assert.equal(1, count(wide, "… 3 more rows"))
    assert.equal(1000, count(wide, "∞"))
  end)

  it("cites capmod as CITATION.cff does, and the model", function()
    local cff = io.open(folder .. "/../../CITATION.cff")
    local title = cff:read "a":match 'title: "(.-)"'
    cff:close()
    local page = report.page("x", {})
    assert.equal(1, count(page, "The capmod authors: " .. title .. ". Version "))
    local model = cm.define.model{ name = "spec: cited", about = "a", cite = "Wright (1936) & co",
      params = {}, run = function() return { x = 1 } end }
    page = report.page("x", { { name = "x", value = model{}:run() } })
    assert.equal(1, count(page, "<li>Wright (1936) &amp; co</li>"))
  end)
end)

describe("capmod report", function()
  local function page_of(script, words)
    local path = program.file(script)
    local out = path:gsub("script.lua$", "pages/deep")
    local status, printed, err = program.shell(("\"$capmod\" report '%s' -o '%s' %s"):format(path,
      out, words or ""))
    assert.same({ 0, "saved in " .. out .. "/report.html\n" }, { status, err })
    return contents(out .. "/report.html"), printed
  end

  it("runs scenarios, with parameters changed", function()
    local page, printed = page_of([[
local cm = require "capmod"
print "from the script"
local function of(name) return cm.scenario{ name = name, params = { a = 1 },
  run = function(p) return { twice = 2 * p.a } end } end
return { of "one", of "two" } ]], "--set a=4 --title 'Two <of> them'")
    assert.equal("from the script\n", printed)
    assert.matches("<h1>Two &lt;of&gt; them</h1>", page, 1, true)
    assert.equal(2, count(page, "<td>twice</td><td class=\"number\">8</td>"))
    assert.matches('<a href="#part%-2">two</a>', page)
    well_formed(page)
  end)

  it("shows frames, charts and texts, in a list or by name", function()
    local page = page_of [[
local cm = require "capmod"
local car = cm.data.us_car:decompose()
return { car:top(2), car:chart(), "in words" } ]]
    assert.same({ 1, 2 }, { well_formed(page).table, well_formed(page).svg })
    assert.matches("<h1>script</h1>", page, 1, true)
    assert.matches("<p>in words</p>", page, 1, true)
    page = page_of [[return { answer = 42, question = "unknown" }]]
    assert.matches("<h2>answer</h2>\n<p>42</p>", page, 1, true)
  end)

  it("refuses what it cannot do", function()
    local path = program.file "local nothing = 1"
    local status, _, err = program.run("report", path)
    assert.equal(2, status)
    assert.matches("where does the page go", err)
    assert.matches("returns nothing that could be reported", select(3, program.run("report", path,
      "-o", path .. ".html")))
    assert.is_nil(io.open(path .. ".html"))
    path = program.file "return 3"
    assert.matches("CM6105", select(3, program.run("report", path, "--set", "a=1", "-o", path
      .. ".html")))
    assert.matches("CM1510", select(3, program.run("report", path, "-o", "/proc/no/where")))
  end)
end)
