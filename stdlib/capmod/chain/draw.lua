--- Drawings of a chain: in the language of Graphviz (DOT), in that of Mermaid, and as pictures that
--- the program `dot` of Graphviz makes.
---
---     bus:draw "bus.svg"   bus:draw{ "bus.png", direction = "down" }   print(bus:mermaid())

local args = require "capmod.args"
local errors = require "capmod.errors"
local export = require "capmod.frame.export"
local insides = require "capmod.chain.inside"
local net = require "capmod.chain.net"
local sketch = require "capmod.chain.sketch"
local store = require "capmod.frame.store"

local popen, tmpname, remove = io.popen, os.tmpname, os.remove -- kept: a sandbox has none

local draw = { methods = {} }

local FONT = "Helvetica,Arial,sans-serif"
local COLOURS = { border = "#d9730d", home = "#8a8f98", open = "#5b6470", bound = "#1f2328" }

-- From this many links on pictures take straight lines and less effort for the order of stages.
local LARGE, TOO_LARGE = 400, 4000

-- ---- DOT ----------------------------------------------------------------------------------------

local ENTITIES = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = " ", ["&"] = "&amp;" }

--- A text between quotes of DOT: backslashes stand for themselves, and "&amp;" is no entity.
local function quoted(s) return '"' .. s:gsub('["\\\n\r&]', ENTITIES) .. '"' end

local function attributes(list)
  local parts = {}
  for k = 1, #list, 2 do parts[#parts + 1] = ("%s=%s"):format(list[k], list[k + 1]) end
  return "[" .. table.concat(parts, ", ") .. "]"
end

local FRAME_STYLE = {
  place = { "style", '"rounded,filled"', "color", '"#c9d3e0"', "fillcolor", '"#f2f6fb"' },
  block = { "style", '"rounded,dashed"', "color", '"#1f2328"' },
}

--- The lines of a frame and of what is in it; `name` makes it one of its own.
local function dot_frame(out, s, frame, name, indent)
  local function line(...) out[#out + 1] = indent .. table.concat{ ... } end
  line("subgraph ", quoted("cluster " .. name), " {")
  local style = FRAME_STYLE[frame.kind]
  line("  graph ", attributes{ "label", quoted(frame.label), table.unpack(style) }, ";")
  for _, i in ipairs(frame.nodes) do line("  ", quoted(s.nodes[i].name), ";") end
  for k, within in ipairs(frame.frames) do
    dot_frame(out, s, within, name .. "." .. k, indent .. "  ")
  end
  line("}")
end

local function dot_link(s, link)
  local list = { "penwidth", ("%.2f"):format(link.width), "color", quoted(COLOURS[link.kind]) }
  if link.label then table.move({ "label", quoted(link.label) }, 1, 2, #list + 1, list) end
  if link.kind == "open" then table.move({ "style", "dashed" }, 1, 2, #list + 1, list) end
  return ("  %s -> %s %s;"):format(quoted(s.nodes[link.from].name),
    quoted(s.nodes[link.to].name), attributes(list))
end

local function dot_text(s, direction)
  local title = table.concat({ s.title, table.unpack(s.legend) }, "\n")
  local graph = { "rankdir", direction == "down" and "TB" or "LR", "label", quoted(title),
    "labelloc", "t", "fontname", quoted(FONT), "fontsize", "12", "nodesep", "0.25" }
  if #s.links >= LARGE then
    table.move({ "splines", "line", "nslimit", "1", "mclimit", "0.2" }, 1, 6, #graph + 1, graph)
  end
  local out = { ("digraph %s {"):format(quoted(s.title)), "  graph " .. attributes(graph) .. ";",
    "  node " .. attributes{ "shape", "box", "style", '"rounded,filled"', "fillcolor", '"#ffffff"',
      "color", '"#5b6470"', "fontname", quoted(FONT), "fontsize", "11" } .. ";",
    "  edge " .. attributes{ "fontname", quoted(FONT), "fontsize", "9", "arrowsize", "0.7" }
      .. ";" }
  for _, node in ipairs(s.nodes) do
    out[#out + 1] = ("  %s [label=%s];"):format(quoted(node.name),
      quoted(table.concat({ node.name, table.unpack(node.lines) }, "\n")))
  end
  for k, frame in ipairs(s.frames) do dot_frame(out, s, frame, tostring(k), "  ") end
  for _, link in ipairs(s.links) do out[#out + 1] = dot_link(s, link) end
  for _, one in ipairs(s.near) do
    out[#out + 1] = ("  %s -> %s %s;"):format(quoted(s.nodes[one.from].name),
      quoted(s.nodes[one.to].name), attributes{ "style", "dotted", "dir", "none", "constraint",
        "false", "label", quoted(one.label) })
  end
  out[#out + 1] = "}"
  return table.concat(out, "\n") .. "\n"
end

-- ---- Mermaid ------------------------------------------------------------------------------------

--- A text between quotes of Mermaid, which reads HTML and Markdown in it: what would be either is
--- written by its number.
local function mermaid_quoted(s)
  s = s:gsub('[#"<>&`*_\\]', function(c) return ("#%d;"):format(c:byte()) end)
  return '"' .. s:gsub("\r", " "):gsub("\n", "<br/>") .. '"'
end

local function mermaid_frame(out, s, frame, name, indent)
  out[#out + 1] = ("%ssubgraph %s[%s]"):format(indent, name, mermaid_quoted(frame.label))
  for _, i in ipairs(frame.nodes) do out[#out + 1] = ("%s  s%d"):format(indent, i) end
  for k, within in ipairs(frame.frames) do
    mermaid_frame(out, s, within, name .. "_" .. k, indent .. "  ")
  end
  out[#out + 1] = indent .. "end"
  if frame.kind == "block" then
    out[#out + 1] = ("%sstyle %s fill:none,stroke:#1f2328,stroke-dasharray:4"):format(indent, name)
  end
end

local function mermaid_text(s, direction)
  local out = { "flowchart " .. (direction == "down" and "TB" or "LR"),
    "  accTitle: " .. s.title:gsub("%c", " ") }
  for i, node in ipairs(s.nodes) do
    out[#out + 1] = ("  s%d[%s]"):format(i,
      mermaid_quoted(table.concat({ node.name, table.unpack(node.lines) }, "\n")))
  end
  for k, frame in ipairs(s.frames) do mermaid_frame(out, s, frame, "f" .. k, "  ") end
  for _, link in ipairs(s.links) do
    local label = link.label and ("|%s|"):format(mermaid_quoted(link.label)) or ""
    out[#out + 1] = ("  s%d %s%s s%d"):format(link.from, link.kind == "open" and "-.->" or "-->",
      label, link.to)
  end
  for _, one in ipairs(s.near) do
    out[#out + 1] = ("  s%d -.-|%s| s%d"):format(one.from, mermaid_quoted(one.label), one.to)
  end
  for k, link in ipairs(s.links) do
    out[#out + 1] = ("  linkStyle %d stroke:%s,stroke-width:%.2fpx"):format(k - 1,
      COLOURS[link.kind], link.width)
  end
  return table.concat(out, "\n") .. "\n"
end

-- ---- the program dot ----------------------------------------------------------------------------

local function content_of(path)
  local file = io.open(path, "rb")
  local s = file and file:read "a" or ""
  if file then file:close() end
  remove(path)
  return s
end

local function no_dot(path, program)
  errors.raise(2030, {
    message = ("draw: '%s' is laid out by the program %s of Graphviz, which is not here"):format(
      path, program), object = "draw", field = path,
    fix = "install it (Debian: apt install graphviz), or draw a .dot or .mmd file",
  })
end

--- A word of the shell.
local function word(s) return "'" .. s:gsub("'", "'\\''") .. "'" end

--- What dot makes of a drawing. The files it needs are gone afterwards. CM2030, CM2031.
local function picture(path, form, drawing, program)
  local source, complaint = tmpname(), tmpname()
  export.write_file(source, drawing)
  local pipe <close> = popen(("%s -T%s %s 2>%s"):format(word(program), form, word(source),
    word(complaint)), "r")
  local made = pipe:read "a"
  local ok, how, code = pipe:close()
  remove(source)
  local said = content_of(complaint)
  if how == "exit" and (code == 127 or code == 126) then no_dot(path, program) end
  if ok and made ~= "" then return made end
  errors.raise(2031, {
    message = ("draw: %s could not lay out '%s': %s"):format(program, path,
      said:match "[^\n]+" or ("it ended with %s %s"):format(tostring(how), tostring(code))),
    object = "draw", field = path, fix = "draw a .dot file and look at it",
  })
end

-- ---- verbs --------------------------------------------------------------------------------------

local FIELDS = { direction = { "string", about = "right or down: where links lead" } }

local DRAW_FIELDS = { direction = FIELDS.direction,
  dot = { "string", about = "the program, where it is not on the PATH: \"/opt/bin/dot\"" } }

local function direction_of(verb, t, fields)
  args.check(verb, t, fields or FIELDS)
  return args.choice(t.direction or "right", "direction", { "right", "down" }, verb)
end

local function sketch_of(chain) return sketch.of(net.of(insides.of(chain))) end

--- The chain in the language of Graphviz: places are clusters, stages that may not be parted stand
--- in a frame, links are as wide as what they carry is worth.
---@param t? { direction?: "right"|"down" }
---@return string
function draw.methods:dot(t)
  return dot_text(sketch_of(self), direction_of("dot", t or {}))
end

--- The chain as a flowchart of Mermaid, which Markdown pages show.
---@param t? { direction?: "right"|"down" }
---@return string
function draw.methods:mermaid(t)
  return mermaid_text(sketch_of(self), direction_of("mermaid", t or {}))
end

local function check_size(s, path)
  if #s.links <= TOO_LARGE then return s end
  errors.raise(2032, {
    message = ("draw: '%s' would show %d links; pictures are laid out up to %d"):format(path,
      #s.links, TOO_LARGE), object = "draw", field = path,
    fix = "draw a .dot file and lay it out by sfdp, which is made for large graphs",
  })
end

--- Draws the chain into a file: .dot (Graphviz), .mmd (Mermaid), or .svg or .png as the program dot
--- lays it out. CM1509 another ending, CM1510, CM2030 no dot, CM2031 what dot says, CM2032 size.
---@param t string|{ [1]: string, direction?: "right"|"down", dot?: string }
---@return cm.Chain self
function draw.methods:draw(t)
  insides.of(self)
  local given = type(t) == "table" and store.column_with(t, {}) or { t }
  local path = args.one(table.remove(given, 1), "draw", "path", "string")
  local direction, s = direction_of("draw", given, DRAW_FIELDS), sketch_of(self)
  local ending = (path:match "%.(%w+)$" or ""):lower()
  local content
  if ending == "dot" or ending == "gv" then
    content = dot_text(s, direction)
  elseif ending == "mmd" then
    content = mermaid_text(s, direction)
  elseif ending == "svg" or ending == "png" then
    content = picture(path, ending, dot_text(check_size(s, path), direction),
      given.dot or "dot")
  else
    errors.raise(1509, { message = ("draw: no way to write '%s'"):format(path), object = "draw",
      field = path, fix = "end the name in one of .dot .mmd .png .svg" })
  end
  export.write_file(path, content)
  return self
end

return draw
