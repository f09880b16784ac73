--- Pictures of deals. Corners of the core and places of points are worked out by hand; no two texts
--- may overlap.

local cm = require "capmod"
local canvas = require "capmod.frame.chart.canvas"
local simplex = require "capmod.cooperation.simplex"
local text = require "capmod.text"

--- The power plant of docs/deals.md.
local function plant()
  return cm.cooperation{ name = "plant", unit = "USD mn", members = { "CHN", "FRA", "KEN" },
    worth = { CHN = 0, FRA = 0, KEN = 0, ["CHN + FRA"] = 0, ["CHN + KEN"] = 260,
      ["FRA + KEN"] = 240, ["CHN + FRA + KEN"] = 350 } }
end

local function sorted(points)
  local list = {}
  for k, p in ipairs(points) do list[k] = ("%.3f %.3f %.3f"):format(p[1], p[2], p[3]) end
  table.sort(list)
  return list
end

--- The boxes that texts of an SVG take.
local function boxes_of(svg)
  local list = {}
  for x, y, anchor, attributes, s in svg:gmatch
    '<text x="(%S+)" y="(%S+)" text%-anchor="(%a+)"([^>]*)>(.-)</text>' do
    s = s:gsub("&%a+;", "x")
    local width = canvas.width_of(s) * (attributes:find 'font%-size="15"' and 1.2 or 1)
    local left = tonumber(x) - (anchor == "middle" and width / 2 or anchor == "end" and width or 0)
    list[#list + 1] = { left, tonumber(y) - 10, left + width, tonumber(y) + 2, s }
  end
  return list
end

local function assert_clear(svg, what)
  local boxes = boxes_of(svg)
  assert.is_true(#boxes > 3)
  local width = tonumber(svg:match '<svg[^>]-width="(%d+)"')
  for i, a in ipairs(boxes) do
    assert.is_true(a[1] >= 0 and a[3] <= width, ("%s: '%s' leaves the page"):format(what, a[5]))
    for k = i + 1, #boxes do
      local b = boxes[k]
      assert.is_false(a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4],
        ("%s: '%s' and '%s' overlap"):format(what, a[5], b[5]))
    end
  end
end

--- A deal of n members with drawn worths.
local function drawn(n, seed, names)
  local r, members = cm.random{ seed = seed }, {}
  for i = 1, n do members[i] = names and names[i] or ("M%d"):format(i) end
  return cm.cooperation{ members = members, name = "drawn", worth = function(who)
    return #who == 1 and r:integer(0, 5) or (#who) ^ 2 * r:integer(5, 20)
  end }
end

describe("the core of three", function()
  it("has the corners that its bounds have", function()
    assert.same({ "0.000 0.000 350.000", "0.000 90.000 260.000", "110.000 0.000 240.000",
      "110.000 90.000 150.000" }, sorted(simplex.polygon(350, { 0, 0, 0 }, { 110, 90, 350 })))
    -- the Talmud with 200: C gets at most 200, B at most 200 - 100/3, A at most 100
    assert.equal(5, #simplex.polygon(200, { 0, 0, 0 }, { 100, 500 / 3, 200 }))
  end)

  it("may be a line or a point", function()
    assert.same({ "0.000 0.000 1.000", "1.000 0.000 0.000" },
      sorted(simplex.polygon(1, { 0, 0, 0 }, { 1, 0, 1 })))
    assert.same({ "1.000 0.000 0.000" }, sorted(simplex.polygon(1, { 0, 0, 0 }, { 1, 0, 0 })))
    assert.same({ "3.000 3.000 3.000" }, sorted(simplex.polygon(9, { -2, -2, -2 }, { 3, 3, 3 })))
  end)
end)

describe("the picture of a deal", function()
  after_each(function() text.configure{} end)

  it("has points and core where they are", function()
    local svg = plant():chart():svg()
    -- corners at 150 and 570, 420 apart; KEN's at 360, 112. Shapley gives 80, 70, 200:
    -- 150 + 420 (70 + 200 / 2) / 350 = 354, 112 + 363.73 (1 - 200 / 350) = 267.88
    assert.matches('<circle cx="354" cy="267.88" r="4"', svg, 1, true)
    -- the core: KEN all; 240 with CHN 110; 150 with 110 and 90; 260 with FRA 90
    for _, corner in ipairs{ "360,112", "294,226.32", "348,319.85", "414,205.53" } do
      assert.matches(corner, svg, 1, true)
    end
    assert.matches(">CHN + KEN 260.00<", svg, 1, true)
    assert.matches(">FRA + KEN 240.00<", svg, 1, true)
    assert.matches("in which no coalition does better apart", svg, 1, true)
  end)

  it("never has two texts in one place", function()
    local long = { "the ministry of energy of the host", "contractors of the first country",
      "a bank" }
    for seed = 1, 16 do
      local deal = drawn(3, seed, seed % 4 == 0 and long or nil)
      assert_clear(deal:chart{ rules = { "shapley", "prenucleolus", "banzhaf", "nash", "equal",
        "proportional" } }:svg(), "triangle " .. seed)
      assert_clear(deal:chart{ kind = "bars" }:svg(), "bars " .. seed)
    end
    for seed, n in ipairs{ 2, 4, 9 } do
      assert_clear(drawn(n, seed):chart():svg(), n .. " members")
      assert_clear(drawn(n, seed):chart():svg{ width = 400 }, n .. " members, narrow")
    end
  end)

  it("shows the least core where the core is empty, and a division of one's own", function()
    local deal = cm.cooperation{ members = { "A", "B", "C" }, worth = function(who)
      return #who == 1 and 0 or #who == 2 and 8 or 9
    end }
    local chart = deal:chart{ gains = { A = 4, B = 4, C = 1 } }
    local svg = chart:svg()
    -- pairs get 6 of 9 at most together: each gives way by 2, at one third each
    assert.matches("the core is empty, and coalitions must give way by 2.00", svg, 1, true)
    assert.matches('<circle cx="360" cy="354.49" r="8" fill="none"', svg, 1, true)
    assert.matches("as given", tostring(chart), 1, true)
    assert.matches("is not stable: A + C gains apart by 3.00", tostring(chart), 1, true)
  end)

  it("prints the range that all accept", function()
    text.configure{ utf8 = true, columns = 60 }
    local deal = plant()
    -- 20 columns or more for 0 to 350; the ranges are those of offer
    local printed = tostring(deal:chart{ rules = { "shapley" } })
    local range = deal:offer()
    for i, name in ipairs{ "CHN China", "FRA France", "KEN Kenya" } do
      local says = ("%.2f to %.2f"):format(range[i].least, range[i].most)
      assert.matches(("  %s +accepted  [ │─]+  %s\n"):format(name, says), printed)
    end
    assert.matches("shapley is stable", printed, 1, true)
    for line in printed:gmatch "  [^\n]*" do assert.is_true(text.width(line) <= 60) end
    text.configure{ utf8 = false, columns = 60 }
    assert.is_nil(tostring(deal:chart()):find "[\128-\255]")
  end)

  it("is of many members, and of worths that are not listed", function()
    local names = {}
    for i = 1, 22 do names[i] = "P" .. i end
    local deal = cm.cooperation{ members = names, worth = function(who) return #who end }
    local svg = deal:chart{ rules = { "equal", "nucleolus" } }:svg()
    assert.matches("what all accept is not known", svg, 1, true)
    assert.is_nil(svg:find("accepted", 1, true))
    local ok, err = pcall(deal.chart, deal, { kind = "triangle" })
    assert.is_false(ok)
    assert.equal("CM1004", err.number)
  end)

  it("of a chain's many members shows what all accept, of those who are named", function()
    local members, adds = {}, {}
    for code in ("CHN VNM KEN ETH USA FRA DEU BRA IND IDN JPN KOR MEX ZAF EGY TUR POL ESP ITA GBR "
      .. "CAN AUS"):gmatch "%a+" do
      members[#members + 1], adds[code] = code, 10 + #members
    end
    local deal = cm.cooperation{ members = members, price = 100, buyer = "KEN", chain = cm.chain{
      name = "two parts", stages = { { "a", at = members, adds = adds },
        { "b", at = members, adds = adds } } } }
    -- KEN (12) alone can get 100 - 24 = 76; CHN (10) saves it 4 and VNM (11) 2, so that CHN
    -- brings at most what VNM leaves of it, 2, and nobody else anything
    local chart = deal:chart{ rules = { "equal" }, members = { "KEN", "CHN", "BRA" } }
    local printed = tostring(chart)
    assert.matches("KEN Kenya +accepted .- 78.00 to 80.00\n", printed)
    assert.matches("CHN China +accepted .- 0.00 to 2.00\n", printed)
    assert.matches("BRA Brazil +accepted .- 0.00\n", printed)
    assert.is_nil(printed:find("VNM Vietnam", 1, true))
    assert.matches("equal is not stable: ", printed, 1, true)
    assert_clear(chart:svg(), "three of many")
    for members_given, number in pairs{ [{}] = "CM1004", [{ "ARG" }] = "CM2210" } do
      local ok, err = pcall(deal.chart, deal, { members = members_given })
      assert.is_false(ok)
      assert.equal(number, err.number)
    end
  end)

  it("leaves out a usual rule that gives no division, and refuses it where asked for", function()
    local deal = cm.cooperation{ members = { "A", "B" }, worth = { A = 2, B = 2, ["A + B"] = 3 } }
    assert.is_nil(tostring(deal:chart()):find("nucleolus", 1, true))
    local ok, err = pcall(deal.chart, deal, { rules = { "nucleolus" } })
    assert.is_false(ok)
    assert.equal("CM2201", err.number)
  end)

  it("goes into a file and into a report", function()
    local path = os.tmpname() .. ".svg"
    plant():chart():save(path)
    local file <close> = io.open(path, "rb")
    assert.equal(plant():chart():svg(), file:read "a")
    os.remove(path)
  end)
end)
