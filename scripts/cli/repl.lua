--- capmod: the prompt.

local program = ...
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local load = require "capmod.load"
local text = require "capmod.text"
local options, paths, report = program.use "options", program.use "paths", program.use "failure"

local verb = {
  name = "repl",
  synopsis = { "capmod" },
  about = "The prompt: type an expression to see its value; .help says what else there is.",
  options = {},
}

local session = { inputs = {}, count = 0, before = {} }

local HELP = [[
expression        its value is printed; a ; at the end silences it
_  _1  _2 ...     the last value, the first, the second ...
?name             what a name does: ?cm.chain, ?frame:sort, or ?f:sort of a value f
??text            every name and error that mentions the text
Tab               completes names, fields in braces, values and country codes in quotes
.time EXPR        the value, and how long it took
.who              the session's own variables
.load FILE        run a script in this session        .save FILE   keep what was typed
!command          the system's shell                  .quit        or Ctrl-D: leave
Ctrl-C            ends a computation, not the session]]

-- ---- showing values ------------------------------------------------------------

local function brief(value)
  if type(value) == "string" then return ("%q"):format(value):gsub("\\\n", "\\n") end
  if type(value) == "function" then return "function" end
  if type(value) == "table" and not (getmetatable(value) or {}).__tostring then
    return next(value) == nil and "{}" or "{ ... }"
  end
  return (tostring(value):match "^[^\n]*")
end

--- A plain table by its first entries; nothing prints an address.
local function show_table(t)
  local parts, n = {}, 0
  for key, value in each(t) do
    n = n + 1
    if n <= 20 then
      local name = type(key) == "string" and key .. " = " or key ~= n and ("[%s] = "):format(key)
      parts[n] = (name or "") .. brief(value)
    end
  end
  if n > 20 then parts[#parts + 1] = ("... %d entries"):format(n) end
  local line = "{ " .. table.concat(parts, ", ") .. " }"
  if #line <= text.columns() then return n == 0 and "{}" or line end
  return "{\n  " .. table.concat(parts, ",\n  ") .. "\n}"
end

local function where_from(f)
  local info = debug.getinfo(f, "S")
  if info.what == "C" then return "function (in C)" end
  return ("function (%s:%d)"):format(info.short_src, info.linedefined)
end

local function show(value)
  local meta = debug.getmetatable(value)
  if type(meta) == "table" and (meta.__tostring or meta.__name) then return tostring(value) end
  if type(value) == "table" then return show_table(value) end
  if type(value) == "function" then return where_from(value) end
  return tostring(value)
end

local function keep(value)
  session.count = session.count + 1
  _G._, _G["_" .. session.count] = value, value
end

-- ---- running what was typed ----------------------------------------------------

--- A line of a session outlives itself, so that scripts can be pasted: `local`
--- at the start of an input makes a variable of the session.
local function without_local(input)
  local fun, n = input:gsub("^%s*local%s+function%s", "function ", 1)
  if n > 0 then return fun end
  return (input:gsub("^%s*local%s+([%a_][%w_%s,]-)%s*=", "%1 =", 1))
end

--- Compiles an input: chunk, or nil and whether more lines may complete it.
local function compile(input)
  local chunk = _G.load("return " .. input, "=input", "t")
  if chunk then return chunk, nil, true end
  local problem
  chunk, problem = _G.load(without_local(input), "=input", "t")
  if chunk then return chunk end
  return nil, problem
end

local function is_unfinished(problem) return problem:find "<eof>%p?$" ~= nil end

--- Runs f; prints what it gives if `loud`. Returns whether it went well.
local function perform(f, loud)
  local results = table.pack(program.protect(function()
    local values = table.pack(f())
    if values.n > 0 and values[1] ~= nil then keep(values[1]) end
    if loud then
      for i = 1, values.n do print(show(values[i])) end
    end
  end, report.handler))
  io.stdout:flush()
  if results[1] then return true end
  if errors.is(results[2], 6003) then
    io.stderr:write("interrupted\n")
  else
    report.print(results[2])
  end
  return false
end

local function evaluate(input)
  local chunk, problem, is_expression = compile(input)
  if not chunk then
    io.stderr:write(problem, "\n")
    return
  end
  local silent = input:find ";%s*$" ~= nil
  local count = session.count
  if not perform(chunk, is_expression and not silent) then return end
  table.insert(session.inputs, { text = is_expression and input or without_local(input),
    is_expression = is_expression, silent = silent,
    number = session.count > count and session.count or nil })
end

-- ---- commands ------------------------------------------------------------------

local commands = {}

function commands.help() print(HELP) end

function commands.quit() session.over = true end
commands.exit = commands.quit

function commands.time(rest)
  local chunk, problem = compile(rest)
  if not chunk then return io.stderr:write(problem, "\n") end
  local start = program.clock()
  if perform(chunk, true) then print(("%.4g ms"):format((program.clock() - start) * 1e3)) end
end

function commands.who()
  for name, value in each(_G) do
    if not session.before[name] and type(name) == "string" and not name:find "^_%d*$" then
      print(("  %-16s %s"):format(name, brief(value)))
    end
  end
end

function commands.load(rest)
  perform(function() load.file(rest, _G)() end)
end

--- What was typed as a script, which runs and can be loaded into a session.
local function as_script()
  local all, lines = {}, {
    'local cm = require "capmod"',
    "local _ENV = _ENV == _G and _G or setmetatable({}, { __index = _ENV }) -- the session's names",
  }
  for i, input in ipairs(session.inputs) do all[i] = input.text end
  local text_of_all = table.concat(all, "\n")
  for _, input in ipairs(session.inputs) do
    local line = input.text
    if input.is_expression then
      line = "_ = " .. line:gsub(";%s*$", "") .. (input.silent and "" or " print(_)")
    end
    lines[#lines + 1] = line
    local name = input.number and "_" .. input.number
    if name and text_of_all:find(name .. "%f[^%w_]") then
      lines[#lines + 1] = name .. " = _"
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

function commands.save(rest)
  local file, problem = io.open(rest, "w")
  if not file then return io.stderr:write("cannot write: ", problem, "\n") end
  file:write(as_script())
  file:close()
  io.stderr:write(("%d inputs saved in %s\n"):format(#session.inputs, rest))
end

local needs_argument = { time = "an expression", load = "a file", save = "a file" }

local function command(name, rest)
  if not commands[name] then
    local names = {}
    for known in each(commands) do names[#names + 1] = known end
    io.stderr:write(("there is no command .%s; "):format(name),
      errors.did_you_mean(name, names, ".help lists them"), "\n")
  elseif needs_argument[name] and rest == "" then
    io.stderr:write((".%s needs %s\n"):format(name, needs_argument[name]))
  else
    commands[name](rest)
  end
end

--- "f:sort" of a variable f that holds a frame is "frame:sort".
local function resolve(name)
  local object, method = name:match "^([%a_][%w_]*)[:.]?([%w_]*)$"
  local value = object and _G[object]
  local meta = debug.getmetatable(value)
  local noun = type(meta) == "table" and type(meta.__name) == "string"
    and meta.__name:match "[%w_]+$":lower()
  if not noun or type(value) == "string" or object == "cm" then return name end
  return method ~= "" and noun .. ":" .. method or noun
end

local function ask(name)
  local help = require "capmod.help"
  if name == "" then return commands.help() end
  local found = help.text(name) or help.text(resolve(name))
  if found then return print(found) end
  io.stderr:write(("nothing is known of '%s'; %s\n"):format(name, help.suggest(name)))
end

local function search(words)
  local found = require "capmod.help".search(words)
  if #found == 0 then io.stderr:write(("nothing mentions '%s'\n"):format(words)) end
  for _, line in ipairs(found) do print(line) end
end

--- What is no Lua: how an input begins, and who handles the rest of it.
local forms = {
  { "^%s*%.(%a+)%s*(.-)%s*$", command },
  { "^%s*%?%?%s*(.-)%s*$", search },
  { "^%s*%?%s*(.-)%s*$", ask },
  { "^%s*!(.*)$", os.execute },
}

--- Handles what is no Lua; returns whether it was that.
local function special(input)
  for _, form in ipairs(forms) do
    local first, rest = input:match(form[1])
    if first then
      local ok, e = program.protect(form[2], report.handler, first, rest)
      if not ok then report.print(e) end
      return true
    end
  end
  return false
end

-- ---- reading -------------------------------------------------------------------

--- One input, of as many lines as it takes; false after Ctrl-C, nil at the end.
local function read()
  local input = program.edit_line "> "
  if not input or special(input) or input:find "^%s*$" then
    if input then program.edit_remember(input) end
    return input and ""
  end
  while true do
    local chunk, problem = compile(input)
    if chunk or not is_unfinished(problem) then break end
    local more = program.edit_line ">> "
    if more == false then return false end
    if more == nil then break end
    input = input .. "\n" .. more
  end
  program.edit_remember(input)
  return input
end

local function history_path()
  local state = paths.xdg "STATE"
  if not state or not program.make_folders(state .. "/capmod") then return nil end
  return state .. "/capmod/history"
end

local function greet()
  local dot = text.utf8() and "  ·  " or "  |  "
  print(("capmod %s"):format(core.version) .. dot .. "?name  help" .. dot .. "??text  search" .. dot
    .. ".help  more" .. dot .. "Ctrl-D  leaves")
end

local function start()
  paths.set(nil)
  _G.cm = require "capmod"
  for name in pairs(_G) do session.before[name] = true end -- any order
  session.before._ = true
  program.interactive()
  program.edit_open(history_path(), function(line)
    return program.use "complete".answer(line)
  end)
  greet()
end

function verb.run(_, rest)
  if #rest > 0 then options.fail("a verb or a file is needed", nil, { name = "help" }) end
  if not program.isatty(0) then return program.use "run".run({}, { "-" }) end
  start()
  while not session.over do
    local input = read()
    if input == nil then break end
    if input and input ~= "" then evaluate(input) end
  end
  program.edit_close()
  return 0
end

return verb
