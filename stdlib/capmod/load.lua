--- Loading scripts: as text only, with accidental globals refused.
---
---     local base = cm.load "shoes.lua"   -- beside the script that says so
---
--- gives what the file returns.

local errors = require "capmod.errors"

local load = {}

--- The texts of the scripts that were compiled, in order: what results are made by.
---@type string[]
load.sources = {}

--- Names that a script may have meant by one that is not there.
local function known()
  local names = {}
  for name in require "capmod.each"(_G) do
    if type(name) == "string" then names[#names + 1] = name end
  end
  return names
end

--- The environment of a script: it sees the globals, and makes none by accident.
--- CM6102 a new global, CM6106 a name without a value.
---@param raise? fun(number: integer, fields: table): any  what to do instead of raising
---@return table
function load.environment(raise)
  raise = raise or errors.raise
  return setmetatable({}, {
    __index = function(_, name)
      local value = _G[name]
      if value ~= nil then return value end
      return raise(6106, {
        message = ("'%s' has no value here"):format(tostring(name)),
        fix = errors.did_you_mean(name, known(), ("give it one: local %s = ..."):format(name)),
      })
    end,
    __newindex = function(_, name)
      raise(6102, {
        message = ("'%s' would be a global variable"):format(tostring(name)),
        fix = ("write local %s = ..., or _G.%s = ... for every file"):format(name, name),
      })
    end,
  })
end

--- The text of a file.
local function read(path)
  local file, problem = io.open(path, "rb")
  if not file then
    errors.raise(5001, {
      message = "cannot open " .. problem, fix = "check the path and its permissions",
    })
  end
  local text, broken = file:read "a"
  file:close()
  return text or errors.raise(5002, {
    message = ("cannot read '%s': %s"):format(path, broken), fix = "name a file",
  })
end

--- "a.lua:3: unexpected symbol near 'x'" as an error object of CM6103.
local function syntax_error(problem)
  local file, line, what = problem:match "^(.-):(%d+): (.*)$"
  line = math.tointeger(tonumber(line))
  errors.raise(6103, { message = what or problem, file = file, line = line })
end

--- A block with a variable that is to be closed makes no tail calls: a script that ends in
--- `return cm.chain{ ... }` stays on the stack, so that errors name its line.
local KEEP_FRAME = "local capmod_keeps_this_frame <close> = nil "

--- Compiles the text of a script without running it. CM6103 syntax, CM6104 compiled Lua.
---@param text string
---@param name string  "=stdin", "@shoes.lua": how messages call it
---@param environment? table  of the chunk; a strict one where it is left out
---@return function
function load.text(text, name, environment)
  if text:sub(1, 1) == "\27" then
    errors.raise(6104, {
      message = ("'%s' is compiled Lua"):format(name:sub(2)), fix = "use the source of the script",
    })
  end
  load.sources[#load.sources + 1] = text
  text = text:gsub("^\xEF\xBB\xBF", ""):gsub("^#[^\n]*", "")
  local chunk, problem = _G.load(KEEP_FRAME .. text, name, "t", environment or load.environment())
  return chunk or syntax_error(problem)
end

--- Compiles a file, as `load.text` does its text. CM5001 no such file, CM5002 a folder.
---@param path string
---@param environment? table
---@return function
function load.file(path, environment)
  return load.text(read(path), "@" .. path, environment)
end

--- A searcher for `require`: Lua modules on package.path, as text. Those that
--- are not in `plain` folders are scripts, whose accidental globals are refused;
--- `capmod` itself is never shadowed by a file of that name.
---@param stdlib string        where capmod's own modules are
---@param is_script fun(path: string): boolean
---@return fun(name: string): any, any
function load.searcher(stdlib, is_script)
  local own = ("%s/?.lua;%s/?/init.lua"):format(stdlib, stdlib)
  return function(name)
    local path, tried = package.searchpath(name, name == "capmod" and own or package.path)
    if not path then return tried end
    if is_script(path) then return load.file(path), path end
    return assert(loadfile(path, "t")), path
  end
end

local function beside(path)
  if path:sub(1, 1) == "/" then return path end
  local file = errors.place()
  local folder = file and file:match "^(.*/)[^/]*$"
  return (folder or "") .. path
end

return setmetatable(load, {
  __call = function(_, path)
    require "capmod.args".one(path, "load", "path", "string")
    return load.file(beside(path))()
  end,
})
