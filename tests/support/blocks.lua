--- The examples in Markdown pages: a ```lua block is a script and a ```sh block
--- a command line of capmod; the ```text block after it is what it prints,
--- standard output first, then standard error. Each runs in its own process.

local core = require "capmod.core"

local blocks = {}

--- Where the real data are that are not part of the project.
blocks.shared = os.getenv "CAPMOD_SHARED" or "../shared"

--- The content of a file.
function blocks.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function output_of(command)
  local pipe = assert(io.popen(command, "r"))
  local text = pipe:read "a"
  pipe:close()
  return text
end

--- The program that runs this.
blocks.program = core.home .. "/../../bin/capmod"

--- Whether a file can be read.
function blocks.exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

--- Names of the files in a folder that match a pattern of the shell, sorted.
function blocks.files(pattern)
  local list = {}
  for name in output_of("ls " .. pattern .. " 2>/dev/null"):gmatch "[^\n]+" do
    list[#list + 1] = name
  end
  return list
end

--- The pairs of a page: { kind = "lua" or "sh", code =, text =, line =, from =, to = }
--- where from and to are the place of `text` in the page.
---@param path string
---@return table[] pairs, string page
function blocks.of(path)
  local page = blocks.read(path)
  local list, at = {}, 1
  while true do
    local first, code_end, kind, code = page:find("\n```(%l+)\n(.-\n)```\n", at)
    if not first then return list, page end
    local text_start, text_end, text = page:find("^\n*```text\n(.-)```\n", code_end + 1)
    if (kind == "lua" or kind == "sh") and text_start then
      local _, line = page:sub(1, first):gsub("\n", "")
      local from = text_end - #"```\n" - #text + 1
      list[#list + 1] = { kind = kind, code = code, text = text, line = line + 1, path = path,
        from = from, to = from + #text - 1 }
      at = text_end
    else
      at = code_end
    end
  end
end

--- The file of ../shared that a block needs and that is not there, or nil.
function blocks.missing(block)
  for path in block.code:gmatch "%.%./shared(/[%w_./-]+)" do
    if not blocks.exists(blocks.shared .. path) then return blocks.shared .. path end
  end
end

local function run_command(command, folder)
  local out, err = folder .. "/out", folder .. "/err"
  local clean = "env -u COLUMNS -u NO_COLOR LC_ALL=C.UTF-8 "
  os.execute(("{ %s%s\n} >%s 2>%s </dev/null"):format(clean, command, out, err))
  return blocks.read(out) .. blocks.read(err)
end

--- What a block prints. A script is named by its first line, "-- car.lua: ...".
function blocks.run(block)
  local folder = os.tmpname()
  os.remove(folder)
  os.execute("mkdir " .. folder)
  local code = block.code:gsub("%.%./shared/", function() return blocks.shared .. "/" end)
  local text
  if block.kind == "lua" then
    local script = folder .. "/" .. (code:match "^%-%- ([%w_]+%.lua)" or "script.lua")
    write(script, code)
    text = run_command(blocks.program .. " run " .. script, folder)
  else
    text = run_command(code:gsub("\n$", ""):gsub("^capmod", blocks.program), folder)
  end
  os.execute("rm -r " .. folder)
  text = text:gsub(folder:gsub("%p", "%%%0") .. "/", "")
  return (text:gsub(blocks.shared:gsub("%p", "%%%0") .. "/", "../shared/"))
end

--- Writes what the blocks of a page print into it; those that cannot run stay.
function blocks.refresh(path)
  local list, page = blocks.of(path)
  for i = #list, 1, -1 do
    local block = list[i]
    if not blocks.missing(block) then
      page = page:sub(1, block.from - 1) .. blocks.run(block) .. page:sub(block.to + 1)
    end
  end
  write(path, page)
end

return blocks
