--- Checks a certificate of a placement (`plan:save "x.certificate"`) by code of its own: the plan
--- against every rule, its cost, and what proves the bound: a tree, node by node, or elimination,
--- done anew. What it says holds whatever the solver did. CM1510, CM5205.
---
---     local result = cm.verify "bus.certificate"
---     print(result)   assert(result.pass)

local args = require "capmod.args"
local compound = require "capmod.verify.compound"
local digest = require "capmod.verify.digest"
local elimination = require "capmod.verify.elimination"
local errors = require "capmod.errors"
local json = require "capmod.json"
local left = require "capmod.verify.left"
local linear = require "capmod.verify.linear"
local parts = require "capmod.verify.parts"
local problem = require "capmod.verify.problem"
local relaxation = require "capmod.verify.relaxation"
local text = require "capmod.text"

local wrong = problem.wrong
local MOST_WORK = 3e8 -- additions of an elimination: half a minute

---@class cm.Verified
---@field pass boolean       whether all that the certificate claims holds
---@field faults string[]    what does not hold
---@field name string
---@field sense string       "minimise" or "maximise"
---@field status string      as claimed
---@field method string
---@field objective number?  of the plan, added up anew; nil without a plan
---@field bound number?      certified; nil where there is none
---@field gap number?        between the two, a fraction
---@field nodes integer
---@field leaves table<string, integer>  by what closes them
---@field work number?       additions of an elimination; nil where a tree proves the bound

local Verified = { __name = "cm.Verified" }
Verified.__index = Verified

-- ---- the file -----------------------------------------------------------------------------------

local function refuse(path, at, why, fix)
  errors.raise(5205, {
    message = ("'%s', line %d: %s"):format(path, at, why), object = path, row = at,
    fix = fix or "write it anew: plan:save \"x.certificate\"",
  })
end

--- Reads the lines of a file one by one: next() gives what the next says, and at its end nil;
--- `close`.
local function reader(path)
  local file, why = io.open(path, "rb")
  if not file then
    errors.raise(1510, { message = ("cannot read '%s': %s"):format(path,
      (tostring(why):gsub("^.-: ", ""))), object = path, fix = "check the path" })
  end
  local self = { path = path, at = 0, sum = digest.new() }
  function self.next()
    local s, why_not = file:read "L"
    if why_not then refuse(path, self.at, why_not, "check the path") end
    if not s then return nil end
    self.at = self.at + 1
    local line = s:sub(-1) == "\n" and json.decode((s:sub(1, -2)))
    if type(line) ~= "table" or type(line.is) ~= "string" then
      refuse(path, self.at, self.at == 1 and "this is no certificate" or "the line cannot be read",
        self.at == 1 and "certificates are written by plan:save \"x.certificate\"" or nil)
    end
    if line.is ~= "end" then self.sum:add(s:sub(1, -2)) end
    return line
  end
  function self.close() file:close() end
  return self
end

--- The numbers of a round; "0*n" are n zeros.
local function figures(words)
  local list = {}
  if type(words) ~= "string" then wrong "the multipliers are no text" end
  for word in words:gmatch "%S+" do
    local zeros = math.tointeger(tonumber(word:match "^0%*(%d+)$"))
    if zeros and #list + zeros > 1e8 then wrong "too many multipliers" end
    for _ = 1, zeros or 0 do list[#list + 1] = 0 end
    if not zeros then list[#list + 1] = tonumber(word) or wrong("'%s' is no number", word) end
  end
  return list
end

-- ---- a node -------------------------------------------------------------------------------------

--- The bound of a round on what is left, and what closes the node, or nil.
local function round(w, v, at, costless)
  local why = relaxation.fault(w.r, at)
  if why then wrong(why) end
  local value, t = relaxation.value(w.r, v, at, costless)
  if costless then return nil, value > 1e-9 * t.size and "rules that cannot be kept" or nil end
  if value == math.huge then return value, "nothing left" end
  if value >= w.cutoff then return value, "bound" end
  if w.cutoff < math.huge and relaxation.strike(w.r, v, t, w.cutoff - value)
    and not left.conclude(w.q, v) then
    return value, "bound"
  end
  return value
end

--- The bound where value compounds, without multipliers, or that at some.
local function bound_of(w, v, at)
  if not w.q.compounding then return round(w, v, at, false) end
  local value = compound.bound(w.q, v)
  return value, value == math.huge and "nothing left" or value >= w.cutoff and "bound" or nil
end

--- What closes the node, and the best bound on what is left there.
local function judge(w, v, line)
  local best, last = -math.huge, nil
  if not left.conclude(w.q, v) then return "nothing left" end
  for _, one in ipairs(problem.list(line.rounds or {}, "rounds")) do
    if not w.r then wrong "multipliers that price nothing" end
    local at = figures(one.at)
    local value, closed = round(w, v, at, one.costless == true)
    if closed then return closed end
    if value then best, last = math.max(best, value), at end
  end
  if w.q.compounding or not (line.facility or line.stage) then
    local before = best
    repeat -- what was struck out may raise the bound again
      local value, closed = bound_of(w, v, last or w.zeros)
      if closed then return closed end
      local more = value > before + 1e-9 * math.max(1, math.abs(value))
      best, before = math.max(best, value), value
    until not more or w.q.compounding
  end
  return nil, best
end

--- A leaf at which one choice is left is closed where that keeps no rule or is no better.
local function judge_last(w, v)
  local choice = left.only(w.q, v)
  if not choice then return nil end
  local objective, missed = problem.evaluate(w.q, choice)
  if #missed > 0 then return "a plan that misses a rule" end
  return w.q.sign * objective >= w.cutoff and "a plan that is no better" or nil
end

-- ---- the tree -----------------------------------------------------------------------------------

local function close(w, why) w.leaves[why] = (w.leaves[why] or 0) + 1 end

local function leave_open(w, node, value)
  local short = value > -math.huge and w.cutoff < math.huge
    and (", %.6g short"):format(w.cutoff - value) or ""
  local what = value > -math.huge and ("its bound is %s"):format(text.short(w.q.sign * value))
    or "nothing bounds it"
  w.faults[#w.faults + 1] = ("leaf %d is not closed: %s%s"):format(node, what, short)
  w.bound = math.min(w.bound, value)
  close(w, "open")
end

--- The two sides of a node, the second waiting.
local function part(w, v, line)
  local other, q = left.copy(v), w.q
  if line.facility then
    local f = problem.index(line.facility, #q.facilities, "facility")
    for side, open in ipairs{ true, false } do
      local one = side == 1 and v or other
      if one.open[f] == (not open) then one.empty = true end
      left.set(one, f, open)
    end
  else
    local s, inside = q.stages[problem.index(line.stage, #q.stages, "stage")], {}
    for _, o in ipairs(problem.list(line.options or {}, "options")) do
      inside[problem.index(o, #q.options, "option")] = true
    end
    for o = s.first, s.last do
      local one = inside[o] and other or v
      if one.allowed[o] then left.strike(q, one, o) end
    end
  end
  w.waiting[#w.waiting + 1] = { view = other, above = line.node, side = "out" }
  w.waiting[#w.waiting + 1] = { view = v, above = line.node, side = "in" }
end

--- Takes in the next node of the tree; those below a closed one are only counted.
local function take(w, line)
  w.nodes = w.nodes + 1
  local due = table.remove(w.waiting)
  if not due or line.node ~= w.nodes or line.above ~= due.above or line.side ~= due.side then
    wrong("node %s is not the one that is due", tostring(line.node))
  end
  local parted = line.facility or line.stage
  if line.facility and line.stage then wrong "a node is parted twice" end
  local v, closed, value = due.view, nil, nil
  if v then
    closed = v.empty and "nothing left" or nil
    if not closed then closed, value = judge(w, v, line) end
    if not closed and not parted then closed = judge_last(w, v) end
    if closed then close(w, closed) elseif not parted then leave_open(w, w.nodes, value) end
  end
  if not parted then return end
  if v and not closed then return part(w, v, line) end
  for _, side in ipairs{ "out", "in" } do
    w.waiting[#w.waiting + 1] = { above = line.node, side = side }
  end
end

-- ---- the plan -----------------------------------------------------------------------------------

local function near(a, b, tolerance)
  return a == b or math.abs(a - b) <= tolerance * math.max(1, math.abs(b))
end

local function fault(w, ...) w.faults[#w.faults + 1] = (...):format(select(2, ...)) end

local STATUSES = { optimal = true, feasible = true, infeasible = true, stopped = true,
  unknown = true }

local function check_plan(w, line)
  local q, choice = w.q, line.options
  if not STATUSES[line.status] then wrong("there is no status '%s'", tostring(line.status)) end
  w.plan, w.asked = line, problem.number(line.asked or 1e-6, "asked")
  if not choice then
    if line.objective then fault(w, "an objective is claimed, but there is no plan") end
    return
  end
  if #problem.list(choice, "options") ~= #q.stages then wrong "the plan has not all stages" end
  for s, o in ipairs(choice) do
    problem.index(o, #q.options, "option")
    if q.options[o].stage ~= s then wrong("option %d is none of stage %d", o, s) end
  end
  local objective, missed = problem.evaluate(q, choice)
  local keeps = line.certified == nil and 1e-5 or 1e-7
  for _, miss in ipairs(missed) do
    if miss[2] > keeps then fault(w, "the plan misses %s by %.6g", miss[1], miss[2]) end
  end
  w.objective = objective
  if not near(objective, problem.number(line.objective, "objective"), 1e-9) then
    fault(w, "the plan comes to %s, not to %s", text.short(objective), text.short(line.objective))
  end
end

--- What the tree has to show: that nothing is better than the bound that is claimed.
local function begin_tree(w)
  local claimed = w.plan.certified
  w.claimed = claimed and w.q.sign * problem.number(claimed, "certified") or nil
  if not w.claimed then return end
  if w.claimed ~= w.claimed then wrong "the bound is no number" end
  local finite = math.abs(w.claimed) < math.huge
  w.cutoff = w.claimed - (finite and 1e-9 * math.max(1, math.abs(w.claimed)) or 0)
  w.bound = w.claimed
  w.waiting = { { view = left.all(w.q), above = 0 } }
end

--- Takes in that the optimum is known by elimination, and finds it anew.
local function eliminate(w)
  local value, work = elimination.optimum(w.q, MOST_WORK)
  w.waiting, w.work = {}, work
  if not value then
    fault(w, "not checked: elimination takes more than %.0e additions or too large a table; "
      .. "locate{ method = \"branch\", certificate = true } proves it by a tree", MOST_WORK)
    w.bound = -math.huge
  elseif value < w.cutoff then
    fault(w, "by elimination the optimum is %s, not %s", text.short(w.q.sign * value),
      text.short(w.q.sign * w.claimed))
    w.bound = value
  end
end

local function need_parts(w, line)
  if w.r then return end
  w.r, w.zeros = parts.new(w.q.compounding and linear.below(w.q) or w.q, line), {}
  for k = 1, w.r.count do w.zeros[k] = 0 end
end

--- Whether the plan, the bound and the status agree.
local function check_claims(w)
  local line, sign, asked = w.plan, w.q.sign, w.asked
  local has = line.options ~= nil
  if has == (line.status == "infeasible" or line.status == "unknown") then
    fault(w, "the status is %s, and there is %s plan", line.status, has and "a" or "no")
  end
  if not w.claimed then return end
  if has and w.claimed > sign * w.objective + 1e-7 * math.max(1, math.abs(w.objective)) then
    fault(w, "the plan is better than the bound by %.6g", w.claimed - sign * w.objective)
  end
  if line.status == "infeasible" and w.claimed < math.huge then
    fault(w, "infeasible, but the bound is finite")
  end
  w.gap = has and math.max(0, sign * w.objective - w.bound) / math.max(1e-9, math.abs(w.objective))
    or nil
  if line.status == "optimal" and w.gap and w.gap > asked * (1 + 1e-6) + 1e-9 then
    fault(w, "called optimal, but the gap is %.3g and at most %.3g was asked for", w.gap, asked)
  end
end

-- ---- whole --------------------------------------------------------------------------------------

--- Takes in all lines; true at the end of the certificate.
local function take_line(w, line)
  if w.head == nil then
    if line.is ~= "certificate" or line.of ~= "placement" then wrong "this is no certificate" end
    if line.version ~= 1 then wrong("version %s is not known", tostring(line.version)) end
    w.head, w.q = line, problem.new(line)
  elseif not w.plan and problem.add(w.q, line) then -- taken in
    return false
  elseif line.is == "plan" and not w.plan then
    problem.close(w.q)
    check_plan(w, line)
    begin_tree(w)
  elseif line.is == "relaxation" and w.plan and w.nodes == 0 then
    need_parts(w, line)
  elseif line.is == "node" and w.waiting then
    if not w.q.compounding then need_parts(w, {}) end
    take(w, line)
  elseif line.is == "elimination" and w.waiting and w.nodes == 0 and not w.work then
    eliminate(w)
  elseif line.is == "end" and w.plan then
    if w.waiting and #w.waiting > 0 then wrong "nodes of the tree are missing" end
    if line.nodes ~= w.nodes then wrong "the number of nodes is another" end
    return true
  else
    wrong("a line '%s' out of its place", tostring(line.is))
  end
  return false
end

local function read_all(w, lines)
  local line = lines.next() or refuse(lines.path, 1, "this is no certificate")
  repeat
    local ok, done = pcall(take_line, w, line)
    if not ok then
      if type(done) ~= "table" or not done.wrong then error(done, 0) end
      refuse(lines.path, lines.at, done.wrong)
    end
    local last = line
    line = lines.next()
    if done then
      if line then refuse(lines.path, lines.at, "something follows the end") end
      return last
    end
  until not line
  refuse(lines.path, lines.at, "the file ends too soon")
end

--- Reads a certificate and checks it.
---@param path string
---@return cm.Verified
local function verify(_, path)
  args.one(path, "verify", "path", "string")
  local lines = reader(path)
  local w = { faults = {}, leaves = {}, nodes = 0 }
  local ok, last = pcall(read_all, w, lines)
  lines.close()
  if not ok then error(last, 0) end
  if last.digest ~= lines.sum:text() then
    fault(w, "the file was changed after it was written")
  end
  check_claims(w)
  local sign, bound = w.q.sign, w.bound
  return setmetatable({ path = path, pass = #w.faults == 0, faults = w.faults, name = w.q.name,
    sense = w.head.sense, measure = w.q.measures[1].name, unit = w.head.unit,
    status = w.plan.status, method = tostring(w.plan.method), objective = w.objective,
    claimed = w.plan.bound, bound = bound and bound > -math.huge and sign * bound or nil,
    gap = w.gap, nodes = w.nodes, leaves = w.leaves, work = w.work, stages = #w.q.stages,
    options = #w.q.options, rules = #w.q.measures - 1 }, Verified)
end

local KINDS = { "bound", "nothing left", "rules that cannot be kept", "a plan that misses a rule",
  "a plan that is no better", "open" }

local function tree_text(self)
  local words, total = {}, 0
  for _, kind in ipairs(KINDS) do
    local n = self.leaves[kind]
    total = total + (n or 0)
    if n then words[#words + 1] = ("%d %s"):format(n, kind) end
  end
  return ("%s, %s: %s"):format(text.count(self.nodes, "node"), text.count(total, "leaf", "leaves"),
    table.concat(words, ", "))
end

function Verified:__tostring()
  local lines = { ("%s: '%s', %s %s"):format(self.path, self.name, self.sense, self.measure) }
  local function add(name, value) lines[#lines + 1] = ("  %-10s %s"):format(name, value) end
  add("problem", ("%s, %s, %s"):format(text.count(self.stages, "stage"),
    text.count(self.options, "option"), text.count(self.rules, "rule")))
  add("claimed", ("%s, by %s"):format(self.status, self.method))
  if self.objective then add("objective", text.short(self.objective)) end
  if self.claimed then
    add("bound", ("%s, by %s, not certified"):format(text.short(self.claimed), self.method))
  elseif self.status == "infeasible" and self.pass then
    add("bound", "there is no plan, certified")
  else
    add("bound", self.bound and text.short(self.bound) .. ", certified" or "none")
  end
  if self.gap then add("gap", ("%.4g %%"):format(100 * self.gap)) end
  if self.nodes > 0 then add("tree", tree_text(self)) end
  if self.work then add("by", ("elimination, %d additions"):format(self.work)) end
  for k, what in ipairs(self.faults) do
    if k <= 10 then lines[#lines + 1] = "  FAULT: " .. what end
  end
  if #self.faults > 10 then lines[#lines + 1] = ("  and %d more"):format(#self.faults - 10) end
  lines[#lines + 1] = self.pass and "PASS" or "FAIL"
  for k, line in ipairs(lines) do lines[k] = text.plain(line) end
  return table.concat(lines, "\n")
end

return setmetatable({}, { __call = verify })
