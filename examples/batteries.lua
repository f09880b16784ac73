-- A battery maker asked to produce in the country that buys: a Chinese supplier of packs for
-- electric vehicles, and Indonesia, whose rules ask for 40 % of local content, 60 from 2027 and 80
-- from 2030 (Presidential Regulation 79 of 2023, for vehicles). What each gains under stricter
-- rules on content and jobs, where the supplier walks away, and what a duty or a subsidy does
-- instead. Wages and productivity come with capmod; shares of cost are those of its template
-- `batteries`, and like all other figures illustrative.
local cm = require "capmod"

local HOST, HOME = "IDN", "CHN"
--- Stage, industry, share of cost in China, works in the host in USD mn, what it uses.
local STAGES = { { "lithium and nickel", "c2", 22, 300 },
  { "cathode", "c9", 14, 150, "lithium and nickel" }, { "anode", "c9", 8, 90 },
  { "electrolyte and separator", "c9", 9, 80 },
  { "cells", "c14", 27, 900, { "cathode", "anode", "electrolyte and separator" } },
  { "pack", "c14", 20, 110, "cells" } }

--- A pack of 10,000 dollars, in hundreds: every stage may be at home or in the host.
local function battery(p)
  local stages, setup = {}, {}
  for i, s in ipairs(STAGES) do
    stages[i] = cm.model.sector(s[2]):stage(s[1], { cost = s[3], base = HOME, money = 100,
      at = { HOME, HOST }, by = HOME, uses = s[5], class = s[1], duty_class = "batteries",
      wages = p.pay * s[3], materials = p.bought * s[3] })
    stages[i].tier, setup[s[1]] = nil, s[4] * 1e4
  end
  local places = cm.model.places{ HOME, HOST, money = 100 }
  places[HOST].setup, places[HOST].tax, places[HOST].subsidy = setup, p.tax, p.subsidy
  return cm.chain{ name = "battery pack", unit = "USD 100", stages = stages, places = places,
    home = HOME, market = HOST, volume = p.packs, operators = { [HOME] = { abroad = p.abroad } },
    trade = { freight = 0.04, tariff = { [HOST] = { batteries = p.duty } } },
    note = "illustrative" }
end

local function pay_of(plan)
  local row = plan:decompose{ by = { "country", "component" } }:where{ country = HOST,
    component = "wages" }[1]
  return row and row.value or 0
end

--- What both gain by a plan for one pack. Buyers pay what a rival's pack costs them, duty with it;
--- the host counts revenue, what it does not pay more, and what of pay is a gain to its people.
local function gains(p, plan)
  local taxes = plan:decompose{ of = "revenue" }:where{ country = HOST }[1]
  local revenue = taxes and taxes.revenue or 0 -- duties with them
  local supplier = p.price * (1 + p.duty) - plan.cost
  local host = revenue + p.premium * pay_of(plan) - p.price * p.duty
  local made = {}
  for _, s in ipairs(STAGES) do
    if plan.chain:stages():get{ stage = s[1] }.at == HOST then made[#made + 1] = s[1] end
  end
  return { cost = plan.cost, supplier = supplier, host = host, both = supplier + host,
    content = plan:measure("content." .. HOST), budget = revenue,
    jobs = plan:measure("jobs." .. HOST) / 1000, made = #made }
end

--- What the host could pay the supplier so that both accept: from what the supplier asks to what
--- it is worth to the host.
local function range_of(p, row)
  if row.both < p.outside then return end
  local deal = cm.cooperation{ name = "batteries", members = { HOME, HOST },
    worth = { [HOME] = p.outside, [HOST] = 0, [HOME .. " + " .. HOST] = row.both } }
  local supplier = deal:offer{ member = HOME }[1]
  row.least, row.most = supplier.least - row.supplier, supplier.most - row.supplier
end

--- Rules from none to the strictest; each asks for content, and for jobs in proportion.
local function rules_of(p)
  local chain, rows, walks = battery(p), {}, math.huge
  for k = 0, p.steps do
    local rule = p.strictest * k / p.steps
    local plan = chain:locate{ subject = { ["content." .. HOST] = { min = rule },
      ["jobs." .. HOST] = { min = rule * 1000 * p.jobs } } }
    local row = plan.cost and gains(p, plan) or {}
    row.rule, row.outside = rule, p.outside
    if plan.cost then range_of(p, row) end
    row.answer = not plan.cost and "cannot be kept" or not row.least and "no deal"
      or row.supplier >= p.outside and "comes" or "comes if paid"
    if not (row.supplier and row.supplier >= p.outside) then walks = math.min(walks, rule) end
    rows[k + 1] = row
  end
  return rows, walks
end

local function with(p, name, value)
  local q = {}
  for key, old in pairs(p) do q[key] = old end -- any order
  q[name] = value
  return q
end

--- The least setting of an instrument at which the supplier's cheapest plan has the content.
local function least(p, name, high)
  local function content(x)
    local q = with(p, name, x)
    return gains(q, battery(q):locate()).content
  end
  if content(high) < p.target then return nil end
  local low = 0
  for _ = 1, 20 do
    local middle = (low + high) / 2
    if content(middle) < p.target then low = middle else high = middle end
  end
  return high
end

--- The same content by a rule, by a duty on packs and parts, and by a subsidy of pay and capital.
local function instruments(p)
  local chain = battery(p)
  local rule = chain:locate{ subject = { ["content." .. HOST] = { min = p.target } } }
  local rows = { { "no rule", nil, gains(p, chain:locate()) },
    { "rule", p.target, rule.cost and gains(p, rule) } }
  for _, name in ipairs{ "duty", "subsidy" } do
    local x = least(p, name, name == "duty" and 1 or 0.5)
    local q = x and with(p, name, x)
    rows[#rows + 1] = { name, x, q and gains(q, battery(q):locate()) }
  end
  local list = {}
  for i, row in ipairs(rows) do
    list[i] = row[3] or {}
    list[i].by, list[i].setting = row[1], row[2]
    list[i].answer = row[3] and (row[3].supplier >= p.outside and "comes" or "leaves") or "-"
  end
  return list
end

--- The columns of both tables that say what a plan comes to.
local function cols_of(first, ...)
  local cols = { first, { "content", format = "percent" }, { "jobs", digits = 0, unit = "1000" },
    { "made", digits = 0, unit = "of 6" } }
  for _, name in ipairs{ "cost", "supplier", "host", "both", ... } do
    cols[#cols + 1] = { name, digits = 1 }
    if name == "setting" then cols[#cols] = { name, format = "percent" } end
  end
  cols[#cols + 1] = "answer"
  return cols
end

local function pick(rows, cols)
  local list = {}
  for i, row in ipairs(rows) do
    list[i] = {}
    for _, col in ipairs(cols) do
      local name = type(col) == "table" and col[1] or col
      list[i][name] = row[name]
    end
  end
  return list
end

local function table_of(title, key, cols, rows, note)
  return cm.frame{ title = title, unit = "USD 100 a pack", keys = { key }, bar = false,
    rows = pick(rows, cols), cols = cols, note = note }
end

local batteries = cm.scenario{
  name = "batteries", about = "a supplier asked to localise: who gains, and when it walks away",
  params = {
    packs = { 1.6e6, min = 1, about = "in the years of the works; illustrative, as all below" },
    price = { 114, min = 1, unit = "USD 100", about = "a rival's pack in the host, without duty" },
    outside = { 5, min = 0, unit = "USD 100", about = "what the supplier gains a pack elsewhere" },
    premium = { 0.3, min = 0, max = 1, about = "of pay in the host that is a gain to its people" },
    abroad = { 0.35, min = 0.05, max = 1, about = "productivity that the supplier keeps there" },
    pay = { 0.3, min = 0.01, max = 0.7, about = "of each stage's cost at home" },
    bought = { 0.25, min = 0, max = 0.3, about = "of each stage's cost: bought in elsewhere" },
    tax = { 0.1, min = 0, max = 1, about = "of capital's income in the host" },
    jobs = { 1800, min = 0, unit = "1000", about = "person-years that a rule of 100 % would ask" },
    strictest = { 0.6, min = 0, max = 1, about = "rule on content" },
    steps = { 6, min = 1, max = 40, about = "rules that are tried" },
    target = { 0.4, min = 0, max = 1, about = "content that instruments are to bring" },
    duty = { 0, min = 0, max = 2, about = "on packs and parts" },
    subsidy = { 0, min = 0, max = 0.5, about = "of pay and capital in the host" },
  },
  run = function(p)
    local rules, walks = rules_of(p)
    local last = 0
    for _, row in ipairs(rules) do
      if row.least then last = math.max(last, row.rule) end
    end
    local ways = instruments(p)
    return {
      rules = table_of("stricter rules on content and jobs", "rule",
        cols_of({ "rule", format = "percent" }, "least", "most"), rules, { "illustrative",
          "least, most: what the host may pay for a pack so that both accept; below 0 it may ask",
          ("elsewhere the supplier gains %g a pack"):format(p.outside) }),
      picture = cm.frame{ title = "gains by rule", unit = "USD 100 a pack", keys = { "rule" },
        rows = pick(rules, { "rule", "supplier", "host", "both", "outside" }),
        cols = { { "rule", format = "percent" }, "supplier", "host", "both", "outside" } },
      ways = table_of(("%.0f %% of content by rule, duty or subsidy"):format(100 * p.target), "by",
        cols_of("by", "budget", "setting"), ways, "illustrative"),
      walks = walks, last = last, duty = ways[3].setting or math.huge,
      subsidy = ways[4].setting or math.huge,
    }
  end,
}

local found = batteries:run()
print(found.rules)
print(found.picture:chart{ x = "rule", y = { "supplier", "host", "both", "outside" },
  title = "gains by the host's rule" })
print(found.ways)
return batteries
