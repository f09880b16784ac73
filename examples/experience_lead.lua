-- A contractor's experience lead: who has built more power plants builds cheaper (Wright 1936), and
-- fixed investment is the nearest thing to how much a country built (United Nations 2014: China
-- 4.72, United States 3.43 trillion dollars; the article that capmod follows has 4.6 and 3.2). How
-- many plants must a rival build until it is as cheap? All but investment is illustrative.
local cm = require "capmod"

local HOST, LEADER, RIVAL = "PAK", "CHN", "USA"
local RIVALS = { "USA", "JPN", "DEU", "IND", "FRA", "KOR" }
local MOST = 20000 -- plants of a programme; more is never

--- Plants that a country built, by what of its fixed investment went into them.
local function built(p, code, share)
  local c = cm.model.country(code)
  if p.article == 1 and (code == "CHN" or code == "USA") then
    c = c:with{ investment = "article" }
  end
  return c:experience{ share = share, price = 1e6 * p.price, years = p.years }
end

--- Wright's exponent: 2^-b = 1 - rate.
local function slope(p) return -math.log(1 - p.rate, 2) end

--- What learns is labour; the leader's next plant takes so much of it.
local function labour(p) return p.learned * p.price end

--- What the next plant costs whoever has built n, and needs `factor` times the leader's labour.
local function cost(p, n, leader, factor)
  return p.price - labour(p) + labour(p) * factor * (n / leader) ^ -slope(p)
end

--- The mean cost of the next n plants after `before`.
local function mean(p, n, before, leader, factor)
  local b = slope(p)
  return p.price - labour(p) + labour(p) * factor * leader ^ b
    * ((before + n) ^ (1 - b) - before ^ (1 - b)) / ((1 - b) * n)
end

--- The least n at which f(n) <= 0, of one that falls; beyond MOST plants: never.
local function root(f)
  local low, high = 1e-6, MOST
  if f(low) <= 0 then return 0 end
  if f(high) > 0 then return math.huge end
  for _ = 1, 100 do
    local middle = (low + high) / 2
    if f(middle) > 0 then low = middle else high = middle end
  end
  return high
end

--- How far the leader is ahead, and after how many plants the rival's next one costs no more than
--- the leader's does today (match), and all of them together (even).
local function lead(p, code)
  local own, other = built(p, LEADER, p.share), built(p, code, p.rival_share)
  local first = cost(p, other, own, p.rival)
  return { own = own, other = other, lead = 1 - p.price / first,
    match = math.max(0, own * p.rival ^ (1 / slope(p)) - other),
    even = root(function(n) return mean(p, n, other, own, p.rival) - p.price end) }
end

--- The plant as a chain: either may carry it out in the host, and learns by all `plants`.
local function programme(p, plants)
  local own, other = built(p, LEADER, p.share), built(p, RIVAL, p.rival_share)
  return cm.chain{ name = "power plant", unit = "USD mn", volume = plants,
    stages = { { "plant", at = HOST, by = { LEADER, RIVAL }, labour = labour(p),
      materials = p.price - labour(p) } },
    places = { [HOST] = { wage = 1 } }, learning = { plant = { rate = p.rate, at = own } },
    operators = { [LEADER] = { experience = { plant = own } },
      [RIVAL] = { experience = { plant = other }, productivity = 1 / p.rival } },
    note = "illustrative" }
end

--- The parameters with some changed; shares and years by a factor.
local function case(p, changes)
  local q = {}
  for name, value in pairs(p) do q[name] = value end -- any order
  for name, value in pairs(changes) do -- any order
    q[name] = (name == "share" or name == "years") and value * p[name] or value
  end
  return q
end

--- How the rival's cost falls as it builds, to half as many again as break even.
local function curve_of(p, found)
  local rows, last = {}, 1.5 * (found.even > 0 and found.even < MOST and found.even or found.own)
  for k = 0, 30 do
    local n = last * k / 30
    rows[k + 1] = { plants = n, next = cost(p, found.other + n, found.own, p.rival),
      mean = mean(p, math.max(n, 1e-6), found.other, found.own, p.rival), leader = p.price }
  end
  return rows
end

--- The lead over the rates at which both may learn, by either figure of investment.
local function leads_of(p)
  local rows = {}
  for k = 1, 30 do
    local row = { rate = k / 100 }
    for article, source in pairs{ [0] = "accounts", [1] = "article" } do -- any order
      row[source] = 100 * lead(case(p, { rate = k / 100, article = article }), RIVAL).lead
    end
    rows[k] = row
  end
  return rows
end

--- The same under other assumptions, one at a time.
local CASES = { { "as stated", {} }, { "the article's investment", { article = 1 } },
  { "learning 5 %", { rate = 0.05 } }, { "learning 10 %", { rate = 0.1 } },
  { "learning 20 %", { rate = 0.2 } }, { "half the leader's share", { share = 0.5 } },
  { "1.5 times the leader's share", { share = 1.5 } }, { "twice the years", { years = 2 } },
  { "the rival 10 % cheaper otherwise", { rival = 0.9 } },
  { "the rival no cheaper otherwise", { rival = 1 } } }

local function table_of(key, title, rows, note)
  return cm.frame{ title = title, keys = { key }, rows = rows, bar = false, note = note,
    cols = { key, { "own", digits = 0 }, { "other", digits = 0 },
      { "lead", format = "percent" }, { "match", digits = 1 }, { "even", digits = 1 } } }
end

local experience = cm.scenario{
  name = "experience lead", about = "a contractor's lead, and a rival's break-even volume",
  params = {
    article = { 0, min = 0, max = 1, about = "1: the article's investment, 0: national accounts" },
    share = { 0.01, min = 1e-6, max = 1, about = "of China's investment that went into plants" },
    rival_share = { 0.01, min = 1e-6, max = 1, about = "of the rival's" },
    years = { 10, min = 0.1, about = "of investment that is remembered" },
    price = { 1500, min = 1, unit = "USD mn", about = "of a plant, by the leader, today" },
    learned = { 0.5, min = 0.01, max = 1, about = "of that which learns" },
    rate = { 0.15, min = 0.001, max = 0.45, about = "saved of it at each doubling" },
    rival = { 0.95, min = 0.1, max = 2, about = "the rival's cost of it at equal experience" },
  },
  run = function(p)
    local found, rows, others = lead(p, RIVAL), {}, {}
    for i, one in ipairs(CASES) do
      rows[i] = lead(case(p, one[2]), RIVAL)
      rows[i].case = one[1]
    end
    for i, code in ipairs(RIVALS) do
      others[i] = lead(p, code)
      others[i].rival = code
    end
    local note = { "illustrative, but for fixed investment",
      "own, other: plants built by the leader and the rival; lead: what the leader is cheaper by",
      "match: plants until the rival's next costs no more than the leader's does today",
      "even: until all of them together do not" }
    local plan = programme(p, 1):locate()
    local range = plan:range("volume", { from = 1, to = MOST })
    local behind = plan.chain:stages():get{ stage = "plant" }.by == LEADER
    return {
      cases = table_of("case", "China's lead over the United States", rows, note),
      rivals = table_of("rival", "China's lead over others, as stated", others, note[1]),
      leads = cm.frame{ title = "China's lead, per cent of the rival's cost", keys = { "rate" },
        rows = leads_of(p), cols = { { "rate", format = "percent" }, "accounts", "article" } },
      curve = cm.frame{ title = "what the rival's plants cost", unit = "USD mn",
        rows = curve_of(p, found), keys = { "plants" }, cols = { { "plants", digits = 1 },
          { "next", digits = 1 }, { "mean", digits = 1 }, { "leader", digits = 1 } } },
      range = range, lead = found.lead, match = found.match, even = found.even,
      both_learn = not behind and 0 or range[2] and range[2].from or math.huge,
    }
  end,
}

local found = experience:run()
print(found.cases)
print(found.rivals)
print(found.range)
print(found.leads:chart{ x = "rate", y = { "accounts", "article" },
  title = "China's lead in per cent, by the rate of learning" })
print(found.curve:chart{ x = "plants", y = { "next", "mean", "leader" },
  title = "a plant, by what the rival has built" })
return experience
