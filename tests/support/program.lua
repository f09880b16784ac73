--- Runs the program itself, as a user does.

local core = require "capmod.core"

local program = { path = core.home .. "/../../bin/capmod" }

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

--- Writes a file into a new temporary folder; returns its path.
function program.file(text, name)
  local folder = os.tmpname()
  os.remove(folder)
  assert(os.execute("mkdir -p " .. quoted(folder)))
  local path = folder .. "/" .. (name or "script.lua")
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  return path
end

local function contents(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  os.remove(path)
  return text
end

--- Runs a shell command in which $capmod is the program: status, stdout, stderr.
function program.shell(command)
  local out, err = os.tmpname(), os.tmpname()
  local line = ("capmod=%s; export capmod; { %s\n} >%s 2>%s </dev/null"):format(
    quoted(program.path), command, out, err)
  local _, _, status = os.execute(line)
  return status, contents(out), contents(err)
end

--- Runs the program with these arguments, for 20 seconds at most.
function program.run(...)
  local words = { "timeout 20 \"$capmod\"" }
  for _, word in ipairs{ ... } do words[#words + 1] = quoted(word) end
  return program.shell(table.concat(words, " "))
end

return program
