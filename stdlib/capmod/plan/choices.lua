--- Choices of options in an author's words, and what is different in two of them.

local choices = {}

--- What an author sees of an option: where, by whom, in which mode, by which recipe.
---@param option table
---@return string
function choices.label(option)
  if option.none then return "not made" end
  if option.claim then return "claiming origin" end
  local words = { option.shares or option.at }
  if option.by then words[#words + 1] = "by " .. option.by end
  if option.mode then words[#words + 1] = ("(%s)"):format(option.mode) end
  if option.recipe then words[#words + 1] = ("as %s"):format(option.recipe) end
  return table.concat(words, " ")
end

--- The name of a facility: "set-up of engines in KEN".
---@param one table
---@return string
function choices.facility(one)
  local name = one.class and ("%s of %s"):format(one.label, one.class) or one.label or "facility"
  return one.at and ("%s in %s"):format(name, one.at) or name
end

--- The label of what each stage of a chain does in a choice, by the stage's name.
---@param p table  the inside of a plan, or { chain =, problem = }
---@param choice integer[]
---@return table<string, string>
function choices.labels(p, choice)
  local labels = {}
  for i, s in ipairs(p.problem.chain.list) do
    labels[s.name] = choices.label(p.problem.parts.list[choice[i]])
  end
  local market = p.problem.parts.market
  local option = market and p.problem.parts.list[choice[market]]
  if option then labels["(origin)"] = option.claim and "claimed" or "not claimed" end
  return labels
end

--- A choice by its labels among the options of a problem; nil where one of them is not there.
---@param problem table
---@param labels table<string, string>  see choices.labels
---@return integer[]?
function choices.again(problem, labels)
  local choice, parts, list = {}, problem.parts, problem.chain.list
  for o, option in ipairs(parts.list) do
    local i = parts.stage[o]
    local claims = option.claim or false
    local wanted = i == parts.market and (labels["(origin)"] == "claimed") == claims
      or i ~= parts.market and choices.label(option) == labels[list[i].name]
    if wanted and not choice[i] then choice[i] = o end
  end
  for i = 1, #parts.count do
    if not choice[i] then return nil end
  end
  return choice
end

--- What moves from one choice to another: "sewing from CHN to ETH; ...". Empty where nothing does.
---@param chain table
---@param before table<string, string>  labels
---@param after table<string, string>
---@return string
function choices.moves(chain, before, after)
  local texts, names = {}, {}
  for i, s in ipairs(chain.list) do names[i] = s.name end
  names[#names + 1] = "(origin)"
  for _, name in ipairs(names) do
    if before[name] ~= after[name] then
      texts[#texts + 1] = ("%s from %s to %s"):format(name, before[name], after[name])
    end
  end
  return table.concat(texts, "; ")
end

return choices
