--- The catalogue of errors is complete, and each example provokes its number.

local core = require "capmod.core"
local errors = require "capmod.errors"

local function lines_of(command)
  local pipe = assert(io.popen(command))
  local list = {}
  for line in pipe:lines() do list[#list + 1] = line end
  pipe:close()
  return list
end

local function contents(path)
  local file = assert(io.open(path))
  local text = file:read "a"
  file:close()
  return text
end

--- Every number that stands in a raise or a found:add of the stdlib, and where.
local function numbers_used()
  local used = {}
  for _, path in ipairs(lines_of(("find -L '%s/stdlib' -name '*.lua'"):format(core.home))) do
    local text = contents(path)
    for _, form in ipairs{ "raise%(%s*(%d%d%d%d),", "add%(%s*(%d%d%d%d),", "new%(%s*(%d%d%d%d),",
                           "refuse%(%s*(%d%d%d%d),", "fail%(%s*(%d%d%d%d)," } do
      for number in text:gmatch(form) do used[tonumber(number)] = path end
    end
  end
  return used
end

describe("explain knows", function()
  it("every status of the engine", function()
    local missing = {}
    for number in pairs(core.statuses()) do
      if not errors.explain(number) then missing[#missing + 1] = number end
    end
    assert.same({}, missing)
  end)

  it("every number that the stdlib raises", function()
    local used, missing, count = numbers_used(), {}, 0
    for number, path in pairs(used) do
      count = count + 1
      if not errors.explain(number) then
        missing[#missing + 1] = ("%d in %s"):format(number, path)
      end
    end
    assert.is_true(count > 20) -- the search finds something
    assert.same({}, missing)
  end)

  it("a title and a text of each", function()
    for _, number in ipairs(errors.numbers()) do
      local entry = errors.explain(number)
      assert.is_string(entry.title)
      assert.is_string(entry.text)
      assert.is_true((entry.example ~= nil) ~= (entry.provoked ~= nil),
        ("CM%04d needs an example, or says where it is provoked"):format(number))
    end
  end)
end)

describe("the example of", function()
  for _, number in ipairs(errors.numbers()) do
    local entry = errors.explain(number)
    if entry.example then
      it(("CM%04d provokes it"):format(number), function()
        local chunk = assert(load(entry.example, "=example", "t"))
        local ok, e = pcall(chunk)
        assert.is_false(ok)
        assert(errors.is(e, number), ("got: %s"):format(tostring(e)))
      end)
    else
      it(("CM%04d is provoked in a test that exists"):format(number), function()
        local path = entry.provoked
        local root = core.home .. "/stdlib/../" -- in the build tree a link to the sources
        local file = io.open(path) or io.open(root .. path)
        assert(file, path .. " is not there")
        file:close()
      end)
    end
  end
end)
