require("./checkNode.js");
require("./plugin.js");
