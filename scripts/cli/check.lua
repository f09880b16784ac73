--- capmod check FILE: does what a script does, but prints nothing and runs no scenario that it
--- returns, and reports every finding instead of stopping at the first.
---
--- A constructor that fails gives a hole: a value that swallows whatever is done
--- with it, so that the rest of the script is checked too.

local program = ...
local errors = require "capmod.errors"
local load = require "capmod.load"
local options, paths = program.use "options", program.use "paths"
local report = program.use "failure"

local verb = {
  name = "check",
  synopsis = { "capmod check FILE ... [-- ARGUMENTS OF THE SCRIPT]" },
  about = "Checks syntax, names, fields and identities; reports all findings, prints nothing.",
  options = {},
}

-- ---- holes ------------------------------------------------------------------

local hole = {}

local function again() return hole end
local function no() return false end

setmetatable(hole, {
  __index = function(_, key)
    if type(key) ~= "number" then return hole end -- a list of holes ends
  end,
  __newindex = function() end,
  __call = again, __add = again, __sub = again, __mul = again, __div = again, __mod = again,
  __pow = again, __unm = again, __idiv = again, __lt = no, __le = no,
  __len = function() return 0 end,
  __concat = function() return "?" end, __tostring = function() return "?" end,
  __pairs = function() return next, {} end,
})

local function has_hole(value, depth)
  if rawequal(value, hole) then return true end
  if type(value) ~= "table" or depth == 0 or getmetatable(value) then return false end
  for _, item in next, value do
    if has_hole(item, depth - 1) then return true end
  end
  return false
end

-- ---- the check of one file ---------------------------------------------------

---@class Check
---@field findings cm.Error[]
---@field made any[]         what the constructors gave
local Check = {}
Check.__index = Check

function Check:add(e)
  for _, finding in ipairs(e.findings or { e }) do table.insert(self.findings, finding) end
end

--- A public function of capmod that notes its error and gives a hole.
function Check:soften(make)
  return function(...)
    for i = 1, select("#", ...) do
      if has_hole((select(i, ...)), 4) then return hole end
    end
    local results = table.pack(xpcall(make, report.handler, ...))
    if results[1] then
      local object = results[2]
      if type(object) == "table" or type(object) == "userdata" then
        table.insert(self.made, object)
      end
      return table.unpack(results, 2, results.n)
    end
    if self.guarded > 0 or not errors.is(results[2]) then error(results[2], 0) end
    self:add(results[2])
    return hole
  end
end

--- `cm` as the script sees it.
function Check:public()
  local real = require "capmod"
  return setmetatable({}, {
    __index = function(_, name)
      local ok, value = pcall(function() return real[name] end)
      if not ok then
        self:add(value)
        return hole
      end
      local meta = getmetatable(value)
      if type(value) == "function" then return self:soften(value) end
      if type(value) ~= "table" or type(meta) ~= "table" or not meta.__call then return value end
      return setmetatable({}, { __index = value, __call = function(_, ...)
        return self:soften(value)(...)
      end })
    end,
    __pairs = function() return pairs(real) end, -- any order
  })
end

--- pcall or xpcall, inside which errors are the script's own business.
function Check:guard(call)
  return function(...)
    self.guarded = self.guarded + 1
    local results = table.pack(call(...))
    self.guarded = self.guarded - 1
    return table.unpack(results, 1, results.n)
  end
end

--- The script's environment: silent, and a wrong global is a finding.
function Check:environment()
  local env = load.environment(function(number, fields)
    self:add(errors.new(number, fields))
    return hole
  end)
  rawset(env, "print", function() end)
  rawset(env, "pcall", self:guard(pcall))
  rawset(env, "xpcall", self:guard(xpcall))
  return env
end

function Check:execute(chunk, arguments)
  local public, print = package.loaded.capmod, _G.print
  package.loaded.capmod, _G.print = self:public(), function() end
  local output = io.output()
  io.output(assert(io.open("/dev/null", "w")))
  local ok, e, ended = program.protect(chunk, report.handler, table.unpack(arguments))
  io.output():close()
  io.output(output)
  package.loaded.capmod, _G.print = public, print
  if ended then error(e, 0) end
  if ok then return end
  if errors.is(e) then return self:add(e) end
  if #self.findings == 0 then return self:add(errors.new(6107, { message = tostring(e) })) end
  self.note = "stopped after these: what follows depends on them"
end

--- The identities of what was made: rows of :check() that are not ok.
function Check:identities()
  for _, object in ipairs(self.made) do
    local ok, check = pcall(function() return object.check end)
    if ok and type(check) == "function" and type(object) == "table" then
      for row in check(object):rows() do
        if row.result and row.result ~= "ok" and row.result ~= "note" then
          table.insert(self.broken, ("%s: %s: %s (%s)"):format(tostring(object.name or "?"),
            tostring(row.check), tostring(row.result), tostring(row.detail or "")))
        end
      end
    end
  end
end

local function check(file, arguments)
  local self = { findings = {}, made = {}, broken = {}, guarded = 0 }
  setmetatable(self, Check)
  paths.set(paths.folder(file))
  _G.arg = { [0] = file, table.unpack(arguments) }
  local ok, chunk = pcall(load.file, file, self:environment())
  if ok then
    self:execute(chunk, arguments)
    self:identities()
  else
    if not errors.is(chunk) then error(chunk, 0) end
    self:add(chunk)
  end
  return self
end

local function show(file, self)
  local count = #self.findings + #self.broken
  for _, finding in ipairs(self.findings) do print(finding) end
  for _, line in ipairs(self.broken) do print(line) end
  if self.note then print(self.note) end
  print(("%s: %s"):format(file, count == 0 and "ok" or count == 1 and "1 finding"
    or count .. " findings"))
end

--- 4 where nothing but identities failed, 1 for any other finding.
local function status_of(self)
  local status = #self.broken > 0 and 4 or 0
  for _, finding in ipairs(self.findings) do
    if report.status(finding) ~= 4 then return 1 end
    status = 4
  end
  return status
end

--- Parts what stands behind "--", which every script gets.
local function part(rest)
  for i, text in ipairs(rest) do
    if text == "--" then return { table.unpack(rest, 1, i - 1) }, { table.unpack(rest, i + 1) } end
  end
  return rest, {}
end

function verb.run(_, rest)
  local files, arguments = part(rest)
  if #files == 0 then options.fail("a file is needed", "capmod check FILE", verb) end
  local seen = {}
  for _, file in ipairs(files) do
    local self = check(file, arguments)
    show(file, self)
    seen[status_of(self)] = true
  end
  return seen[1] and 1 or seen[4] and 4 or 0
end

return verb
