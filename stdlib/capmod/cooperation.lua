--- A deal: members, what each coalition of them could gain on its own, and how to share it.
---
---     local deal = cm.cooperation{ members = { "A", "B" },
---       worth = { A = 0, B = 1, ["A + B"] = 5 } }
---     local deal = cm.cooperation{ chain = plant, members = { "CHN", "FRA", "KEN" } }
---     print(deal:coalitions())   print(deal:divide{ rule = "shapley" })   print(deal:stable())
---
--- Worths are given, each a number, an interval { low, high } or payoffs by kind with `weights`;
--- or they come from a chain. `worth = "surplus"` (default): what the price leaves over the
--- cheapest way in which the members can do every stage, and 0 where they cannot; a stage is done
--- by its operator `by`, or where it has none by the place where it is. `worth = "saving"`: what
--- that way costs less than the baseline does. `outsiders`: who is no member takes no part
--- ("absent"), or is paid what its work adds and a `margin` ("at_price"). `buyer`: the member whose
--- demand it is, without whom a coalition is worth 0; without one, each coalition could sell the
--- product. `baseline`, without the deal: "none"; "export", one country makes all at home and ships
--- it, at its margin; "today", the first place and operator of each stage; or a chain, at its price
--- or its cheapest. A surplus then counts from the price or the cost of the baseline, whichever is
--- lower. `outside`: what members have elsewhere; a coalition leaves out who has more there. Of
--- whom it does not name, it is what a country among `members`, or the chain's place or operator,
--- has by its field `outside`.
--- `payoffs`: what else falls to the place of a stage, for one unit of it, or the name of what a
--- chain knows ("jobs", "revenue"), with `weights` of one for all or by member; members choose the
--- plan with the largest weighted sum. Where the solver was stopped, worths are intervals, and so
--- is what follows. `jobs` coalitions are placed at a time, each in its own process; worths are the
--- same for any number. Ctrl-C keeps what was placed.
--- Up to 20 members all worths are listed; of more, or with `listed = false`, they are asked for as
--- they are needed; with `outside`, of 10 members at most, the solver then proves no longer who
--- gains apart. Deals do not change. Errors CM2201, CM2202, CM2210 to CM2218.

local args = require "capmod.args"
local bargain = require "capmod.cooperation.bargain"
local coalition = require "capmod.cooperation.coalition"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local inside = require "capmod.cooperation.inside"
local insides = require "capmod.chain.inside"
local large = require "capmod.cooperation.large"
local picture = require "capmod.cooperation.picture"
local placing = require "capmod.cooperation.placing"
local rules = require "capmod.cooperation.rules"
local stable = require "capmod.cooperation.stable"
local values = require "capmod.cooperation.value"
local worth = require "capmod.cooperation.worth"

---@class cm.Cooperation
---@field name string
---@field members string[]
---@field unit string?
local methods = {}

local Deal = { __name = "cm.Cooperation" }

local MOST_LISTED, MOST = 20, 60 -- members whose coalitions can all be listed, and at all
local MOST_OUTSIDE = 10          -- who have something outside, where they are not listed
local MOST_JOBS = 1024

local FIELDS = {
  members = { "list", required = true,
    about = "{ \"CHN\", \"FRA\" }, or countries of cm.model.country" },
  name = { "string" }, unit = { "string", about = "of the worths" },
  worth = { "string", "table", "function",
    about = "{ A = 0, [\"A + B\"] = 5 }, function(members), \"surplus\" or \"saving\" of a chain" },
  chain = { "Chain", about = "a chain with a price, instead of worths" },
  price = { "number", about = "what the product brings, if not the chain's price" },
  trade = { "table", about = "freight and tariffs, as chain:locate takes them" },
  outsiders = { "string", about = "absent, or at_price" },
  margin = { "number", "table", about = "what who is outside asks over what its work adds: 0.2" },
  buyer = { "string", about = "the member whose demand it is" },
  baseline = { "string", "Chain", about = "none, export, today, or a chain" },
  outside = { "table", about = "what members have without the deal: { CHN = 50 }" },
  payoffs = { "table", about = "{ jobs = { assembly = 120, works = { KEN = 300 } } }" },
  weights = { "table", about = "{ jobs = 0.02, revenue = { KEN = 1 } }" },
  listed = { "boolean", about = "false: worths are asked for as they are needed" },
  time = { "number", about = "seconds after which the best plan of a coalition is taken" },
  gap = { "number", about = "how near to the optimum is near enough: 1e-6" },
  nodes = { "integer", about = "limit of branch and bound for each coalition" },
  jobs = { "integer", about = "coalitions that are placed at a time, each in a process: 1" },
}

--- Fields that mean something only where worths come from a chain.
local OF_CHAIN = { "price", "trade", "outsiders", "margin", "buyer", "baseline", "payoffs", "time",
  "gap", "nodes", "jobs" }

-- ---- asking -------------------------------------------------------------------------------------

local function interval_cols(d, cols)
  if not d.exact then
    cols[#cols + 1] = { name = "low", digits = 2 }
    cols[#cols + 1] = { name = "high", digits = 2 }
  end
  return cols
end

--- What each coalition could gain on its own, smaller ones first. Where a worth is not proven,
--- `low` is what a plan gives and `high` what the bound leaves open; `worth` is their middle.
--- CM2217 worths that are not listed.
---@return cm.Frame  coalition, worth
function methods:coalitions()
  local d = inside.listed(self, "coalitions", "deal:divide() and deal:stable() ask for some")
  local rows = {}
  for k, s in ipairs(coalition.by_size(#d.members)) do
    rows[k] = { coalition = coalition.label(d.members, s), worth = d.game:worth(s),
      low = not d.exact and d.low:worth(s) or nil, high = not d.exact and d.high:worth(s) or nil }
  end
  return frame{ title = ("'%s': what each coalition could make on its own"):format(d.name),
    unit = d.unit, keys = { "coalition" }, rows = rows, bar = false, note = d.definition,
    cols = interval_cols(d, { { name = "coalition" }, { name = "worth", digits = 2 } }) }
end

local function payoff_rows(d)
  local rows, w = {}, d.w
  if not w.falls then
    for k, s in ipairs(coalition.by_size(#d.members)) do
      rows[k] = { coalition = coalition.label(d.members, s), worth = d.game:worth(s) }
      for _, kind in ipairs(w.kinds) do rows[k][kind] = (w.amounts[s] or {})[kind] end
    end
    return rows, "coalition", "worth"
  end
  for i, member in ipairs(d.members) do
    rows[i] = { member = member, counts = d.in_kind[i] }
    for _, kind in ipairs(w.kinds) do rows[i][kind] = w.falls[member][kind] or 0 end
  end
  return rows, "member", "counts"
end

--- Payoffs by kind. Of a chain: what falls to each member in the plan of all, and what that counts
--- by the weights, less what the baseline would bring; of worths: what was given for each
--- coalition.
--- CM2215 where the deal has no payoffs by kind.
---@return cm.Frame  member, each kind, counts; or coalition, each kind, worth
function methods:payoffs()
  local d = inside.of(self)
  if not d.w.kinds or not (d.w.falls or d.game) then
    worth.refuse_weights(("'%s' has no payoffs by kind"):format(d.name),
      "payoffs = { jobs = { assembly = 120 } }, weights = { jobs = 0.02 }")
  end
  local rows, key, last = payoff_rows(d)
  local cols = { key == "member" and inside.member_column(d) or { name = key } }
  for _, kind in ipairs(d.w.kinds) do cols[#cols + 1] = { name = kind, digits = 2, unit = "1" } end
  cols[#cols + 1] = { name = last, digits = 2 }
  return frame{ title = ("'%s': payoffs by kind"):format(d.name), unit = d.unit, keys = { key },
    rows = rows, cols = cols, bar = false, note = d.definition }
end

local function share_cols(d, shares)
  local cols = { inside.member_column(d) }
  if d.w.work then cols[2] = { name = "work", digits = 2 } end
  cols[#cols + 1] = { name = "alone", digits = 2 }
  cols[#cols + 1] = { name = "gains", digits = 2 }
  if shares.low then
    cols[#cols + 1] = { name = "low", digits = 2 }
    cols[#cols + 1] = { name = "high", digits = 2 }
  end
  if d.in_kind then
    cols[#cols + 1] = { name = "in_kind", digits = 2 }
    cols[#cols + 1] = { name = "money", digits = 2 }
  end
  cols[#cols + 1] = { name = "share", format = "percent" }
  return cols
end

local function share_rows(d, shares)
  local rows = {}
  for i, member in ipairs(d.members) do
    local gains = shares.gains[i]
    rows[i] = { member = member, work = d.w.work and d.w.work[member], gains = gains,
      alone = d.alone(i), low = shares.low and shares.low[i], high = shares.high and shares.high[i],
      in_kind = d.in_kind and d.in_kind[i], money = d.in_kind and gains - d.in_kind[i],
      share = d.total ~= 0 and gains / d.total or 0 }
  end
  return rows
end

local DIVIDE = { rule = { "string" }, weights = { "table" }, seed = { "integer" },
  samples = { "integer", about = "orders or coalitions to draw: 1000" },
  risk = { "number", about = "how probable an error beyond the bound may be: 0.05" },
  range = { "number", about = "most that one member's contributions differ by" } }

local DRAWN = { shapley = true, banzhaf = true }

--- Draws are for the values of worths that are not listed. CM1004.
local function check_draws(d, name, t)
  local function refuse(field, why, fix)
    errors.raise(1004, { message = ("divide: %s = %s %s"):format(field, tostring(t[field]), why),
      object = "divide", field = field, fix = fix })
  end
  for _, field in ipairs{ "samples", "risk", "seed", "range" } do
    if t[field] ~= nil and (d.game or not DRAWN[name]) then
      refuse(field, "is of draws, and nothing is drawn", "shapley and banzhaf are drawn, of a deal "
        .. "with listed = false")
    end
  end
  if t.samples and (t.samples < 1 or t.samples > 1e9) then
    refuse("samples", "is not from 1 to 1e9", "1000 is a beginning")
  elseif t.risk and not (t.risk > 0 and t.risk < 1) then
    refuse("risk", "does not lie between 0 and 1", "0.05 is one in twenty")
  elseif t.range and not (t.range > 0 and t.range < math.huge) then
    refuse("range", "is not above 0", "the largest contribution less the smallest")
  end
end

--- Shares the gain of all by a rule: shapley (Shapley 1953), nucleolus (Schmeidler 1969),
--- prenucleolus, nash (1950, free transfers, `weights` of members, else equal), banzhaf (1965,
--- scaled to the total), proportional (to the work of each, or to what each is worth alone), equal,
--- or one of cm.define.rule. Where worths are intervals, gains are those of their middle, `low` and
--- `high` their ends, and a ranking that the ends do not settle says so. Where worths are not
--- listed, shapley and banzhaf are drawn: `samples` orders (1000), each both ways round, or as many
--- coalitions for each member, each with its complement, and the bound that holds with probability
--- 1 - `risk` (0.05); it is proven where the most that one member's contributions differ by is
--- known: over a chain, or by `range`; the nucleolus is found coalition by coalition, proven by the
--- solver over a chain, by search for worths of a function; an author's rule gets the worths that
--- it asks for. Under the shares stands whether a coalition would do better apart. Payoffs in kind
--- are had already: `money` is the rest. CM2201, CM2202, CM2212, CM2213, CM2217.
---@param t { rule: string?, weights: table?, samples: integer?, risk: number?, seed: integer?,
---  range: number? }?  shapley by default
---@return cm.Frame  member, work (of a chain), alone, gains, share
function methods:divide(t)
  local d = inside.of(self)
  t = args.check("divide", t or {}, DIVIDE)
  local name = t.rule or "shapley"
  check_draws(d, name, t)
  local shares, check
  if d.game then
    shares = rules.share(d, name, t.weights)
    check = { stable.words(d, shares.gains) }
    if shares.low then check[2], check[3] = shares.proof, rules.ranking(d, shares) end
  else
    shares, check = large.share(d, name, t)
  end
  return frame{ title = ("'%s': gains shared by %s"):format(d.name, name), unit = d.unit,
    keys = { "member" }, cols = share_cols(d, shares), rows = share_rows(d, shares),
    bar = "share", check = check, note = d.definition }
end

for _, module in ipairs{ bargain, picture, stable, values } do
  for name, method in each(module.methods) do methods[name] = method end
end
insides.noted(methods, function(deal) return inside.all[deal] end)

-- ---- the object ---------------------------------------------------------------------------------

local PROPERTIES = { name = true, members = true, unit = true }

function Deal:__index(key)
  if methods[key] then return methods[key] end
  local d = inside.of(self)
  if PROPERTIES[key] then
    return key == "members" and table.move(d.members, 1, #d.members, 1, {}) or d[key]
  end
  args.no_such(("cooperation '%s'"):format(d.name), key, d.name, methods, PROPERTIES)
end

function Deal:__tostring()
  return tostring(inside.of(self).game and self:coalitions() or self:divide())
end

local function check_members(given)
  local place = {}
  for i, name in ipairs(given) do
    args.one(name, "cooperation", "members", "string")
    if place[name] or name:find "+" or name == "" then
      coalition.refuse(("the member '%s' %s"):format(name, place[name] and "is there twice"
        or "has a name that cannot be told from a coalition"), "members", "rename the member")
    end
    place[name] = i
  end
  if #given == 0 or #given > MOST then
    coalition.refuse(("%d members; 1 to %d can be"):format(#given, MOST), "members",
      "join members into groups")
  end
  return place
end

local function check_jobs(jobs)
  if jobs >= 1 and jobs <= MOST_JOBS then return end
  errors.raise(1004, { message = ("cooperation: jobs = %d is not from 1 to %d"):format(jobs,
    MOST_JOBS), object = "cooperation", field = "jobs", fix = "as many as there are cores" })
end

local function check_fields(given)
  args.check("cooperation", given, FIELDS)
  local of_chain = given.worth == nil or type(given.worth) == "string"
  if of_chain ~= (given.chain ~= nil) then
    coalition.refuse("either worths or a chain is wanted", "worth")
  end
  if of_chain then
    args.choice(given.worth or "surplus", "worth", { "surplus", "saving" }, "cooperation")
    args.choice(given.outsiders or "absent", "outsiders", { "absent", "at_price" }, "cooperation")
    check_jobs(given.jobs or 1)
    return
  end
  for _, field in ipairs(OF_CHAIN) do
    if given[field] ~= nil then
      errors.raise(1004, { message = ("cooperation: '%s' is for worths from a chain"):format(field),
        object = "cooperation", field = field, fix = "leave it out, or give a chain" })
    end
  end
end

--- Whether all worths are listed. CM2217 where they must be, and cannot.
local function is_listed(given, outside)
  local n = #given.members
  local out = 0
  for _ in each(outside or {}) do out = out + 1 end
  local needs = type(given.worth) == "table" and "a table of worths"
    or out > MOST_OUTSIDE and ("outside of %d members"):format(out)
    or given.listed and "listed = true"
  local listed = given.listed ~= false and n <= MOST_LISTED
  if listed or not needs then return listed end
  errors.raise(2217, { message = ("cooperation: %s needs the worths of all coalitions, which are "
    .. "listed up to %d members"):format(needs, MOST_LISTED), object = "cooperation",
    field = "listed", fix = n <= MOST_LISTED and "leave out listed = false"
      or out > MOST_OUTSIDE and ("join who has something outside: %d of them at most"):format(
        MOST_OUTSIDE) or "give worths by a function, or by a chain" })
end

local function worths_of(given, members, place, listed)
  if given.chain then return placing.worths(given, members, place, listed) end
  local weights = given.weights or {}
  if type(given.worth) == "table" then
    return worth.listed(members, place, given.worth, weights)
  end
  return worth.called(members, given.worth, weights, listed)
end

local function outside_text(members, outside)
  local texts = {}
  for i, value in each(outside) do texts[#texts + 1] = ("%s %g"):format(members[i], value) end
  return "outside the deal: " .. table.concat(texts, ", ")
end

--- Members by name, and what those have outside of which the deal's `outside` need not say it.
local function members_of(given)
  local members, stated = {}, {}
  local world = given.chain and insides.of(given.chain).world
  for i, member in ipairs(given.members) do
    local is_model = args.kind(member) == "Country"
    local name = is_model and member.code or given.chain and coalition.code(member) or member
    local place, operator = world and world.places[name], world and world.operators[name]
    members[i] = name
    stated[i] = is_model and member.outside or place and place.outside
      or operator and operator.outside
  end
  return members, stated
end

--- Games of the lower ends, the upper ends and their middle.
local function make_games(d)
  local n, middle = #d.members, {}
  d.exact = true
  for s = 1, coalition.all(n) do
    middle[s] = (d.w.low[s] + d.w.high[s]) / 2
    d.exact = d.exact and d.w.low[s] == d.w.high[s]
  end
  d.low = core.game(n, d.w.low)
  d.high = d.exact and d.low or core.game(n, d.w.high)
  d.game = d.exact and d.low or core.game(n, middle)
  d.total = middle[coalition.all(n)]
  d.alone = function(i) return d.game:worth(1 << (i - 1)) end
end

--- What payoffs in kind count for each member in the plan of all, beyond the baseline's.
local function in_kind_of(d)
  local w, list = d.w, {}
  if not w.kinds or not w.falls then return nil end
  for i, member in ipairs(d.members) do
    list[i] = -w.baseline_falls[i]
    for kind, amount in each(w.falls[member]) do
      list[i] = list[i] + w.weight(kind, member) * amount
    end
  end
  return list
end

local function make(given)
  check_fields(given)
  local members, stated = members_of(given)
  local place = check_members(members)
  local outside = worth.outside(given.outside, place, stated)
  local listed = is_listed(given, outside)
  local w = worths_of(given, members, place, listed)
  local d = { members = members, place = place, w = w, work = w.work,
    definition = w.definition, name = given.name or given.chain and given.chain.name or "deal",
    note = given.chain and insides.of(given.chain).note,
    unit = given.unit or given.chain and given.chain.unit }
  d.solved = w.placing ~= nil and w.placing.monotone and not outside
  if outside then
    if not listed then w.value = worth.value_outside(w.value, outside) end
    for _, list in ipairs(listed and { w.low, w.high } or {}) do
      worth.add_outside(list, #members, outside)
    end
    table.insert(d.definition, outside_text(members, outside))
  end
  if listed then make_games(d) else large.open(d) end
  if listed and not d.exact then
    table.insert(d.definition, "some worths are intervals" .. (given.chain
      and ": what a plan gives, and what the bound leaves open" or ""))
  end
  d.in_kind = in_kind_of(d)
  local object = setmetatable({}, Deal)
  inside.all[object] = d
  return object
end

return setmetatable({}, {
  __name = "capmod.cooperation",
  --- Makes a deal. CM1001-1004 fields, CM2210 members and worths, CM2211 no price, CM2214
  --- baselines, CM2215 payoffs and weights, CM2216 stopped too
  --- soon, CM2217 too many members.
  __call = function(_, t) return make(t) end,
})
