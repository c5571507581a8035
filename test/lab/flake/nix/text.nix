# The few functions on strings and lists that nixpkgs' lib would bring.
rec {
  lines = builtins.concatStringsSep "\n";
  words = builtins.concatStringsSep " ";
  commas = builtins.concatStringsSep ", ";
  concatMapLines = f: list: builtins.concatStringsSep "" (map f list);
  mapAttributes = f: set: map (name: f name set.${name}) (builtins.attrNames set);
  # foo@.service is a fine file name but no store path's name.
  storeName = builtins.replaceStrings [ "@" ":" "\\" ] [ "-" "-" "-" ];
  quote = text: "'" + builtins.replaceStrings [ "'" ] [ "'\\''" ] text + "'";
  # As nixpkgs' escapeShellArg: a word that needs no quotes gets none.
  argument = text: if builtins.match "[[:alnum:],._+:@%/-]+" text != null then text else quote text;
  optional = condition: value: if condition then [ value ] else [ ];
  optionalText = condition: text: if condition then text else "";
}
