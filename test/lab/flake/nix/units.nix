# Unit files and the directory that holds them, shaped as nixpkgs' own: one derivation a unit with its whole text, and
# `system-units`, whose build script links them in the order in which systemd's directory is put together.
{ derive, text }:
let
  section =
    name: keys:
    "[${name}]\n"
    + text.concatMapLines (
      key:
      let
        value = keys.${key};
        line = word: "${key}=${word}\n";
      in
      if builtins.isList value then text.concatMapLines line value else line (toString value)
    ) (builtins.attrNames keys);

  flag = name: value: if value then { ${name} = "true"; } else { };

  # Only the sections and keys that are set, in the order NixOS writes them.
  unitText =
    unit:
    section "Unit" (
      (if unit ? after then { After = unit.after; } else { })
      // (if unit ? before then { Before = unit.before; } else { })
      // (if unit ? wants then { Wants = unit.wants; } else { })
      // (if unit ? requires then { Requires = unit.requires; } else { })
      // (if unit ? triggers then { X-Restart-Triggers = unit.triggers; } else { })
      // (if unit ? reloadTriggers then { X-Reload-Triggers = unit.reloadTriggers; } else { })
      // flag "X-OnlyManualStart" (unit.onlyManualStart or false)
      // (if unit.stopOnRemoval or true then { } else { X-StopOnRemoval = "false"; })
      // (unit.unit or { })
      // { Description = unit.description; }
    )
    + text.optionalText (unit ? service) (
      "\n"
      + section "Service" (
        (
          if unit ? environment then
            { Environment = text.mapAttributes (name: value: ''"${name}=${value}"'') unit.environment; }
          else
            { }
        )
        // unit.service
        // (if unit ? listens then { X-Lab-Listens = unit.listens; } else { })
        // flag "X-ReloadIfChanged" (unit.reloadIfChanged or false)
        // (if unit.restartIfChanged or true then { } else { X-RestartIfChanged = "false"; })
        // (if unit.stopIfChanged or true then { } else { X-StopIfChanged = "false"; })
      )
    )
    + text.concatMapLines (kind: text.optionalText (unit ? ${kind}) ("\n" + section kinds.${kind} unit.${kind})) (
      builtins.attrNames kinds
    );

  kinds = {
    timer = "Timer";
    socket = "Socket";
    path = "Path";
    slice = "Slice";
    mount = "Mount";
  };

  unitFile =
    name: unit:
    let
      file = text.storeName name;
    in
    # A unit that is not enabled masks whatever has its name.
    if !(unit.enable or true) then
      derive.plain {
        name = "unit-${file}-disabled";
        text = "";
        buildCommand = ''
          name=${text.argument name}
          mkdir -p "$out"
          ln -s /dev/null "$out/$name"
        '';
      }
    else
    derive.plain {
      name = "unit-${file}";
      text = unitText unit;
      passAsFile = [ "text" ];
      buildCommand = ''
        name=${text.argument name}
        mkdir -p "$out"
        cp "$textPath" "$out/$name"
      '';
    };
in
{
  inherit unitFile;

  # systemd: the package whose example directory holds the upstream units; units: name → unit.
  # moreLinks: { name, target } of more links, as `../dbus.socket` in sockets.target.wants/dbus.socket.
  systemUnits =
    {
      systemd,
      upstream,
      units,
      moreLinks ? [ ],
    }:
    let
      names = builtins.attrNames units;
      isDropIn = name: (units.${name}.overrideStrategy or "") == "asDropin";
      filesOf = list: map (name: unitFile name units.${name}) list;
      files = filesOf (builtins.filter (name: !isDropIn name) names);
      dropIns = filesOf (builtins.filter isDropIn names);
      links =
        name: kind: targets:
        text.concatMapLines (target: ''
          mkdir -p $out/${text.quote target}.${kind}
          ln -sfn ${text.quote "../${name}"} $out/${text.quote target}.${kind}/
        '') targets;
      wants = name: links name "wants" (units.${name}.wantedBy or [ ]) + links name "requires" (units.${name}.requiredBy or [ ]);
    in
    derive.plain {
      name = "system-units";
      packages = "";
      buildCommand = ''
        mkdir -p $out
        upstreamUnits="${text.words upstream}"
        for i in $upstreamUnits; do
          ln -s ${systemd}/example/systemd/system/$i $out/$i
        done
        for i in ${text.words (map toString files)}; do
          for file in $i/*; do
            fn=''${file##*/}
            if [ "$(readlink $file)" = /dev/null ]; then
              ln -sfn /dev/null $out/$fn
            elif [ -e $out/$fn ]; then
              mkdir -p $out/$fn.d
              ln -s $file $out/$fn.d/overrides.conf
            else
              ln -fs $file $out/
            fi
          done
        done
        ${text.optionalText (dropIns != [ ]) ''
          for i in ${text.words (map toString dropIns)}; do
            for file in $i/*; do
              mkdir -p $out/''${file##*/}.d
              ln -s $file $out/''${file##*/}.d/overrides.conf
            done
          done
        ''}
        ${text.concatMapLines wants names}
        ${text.concatMapLines ({ name, target }: ''
          mkdir -p $out/${text.quote (dirOf name)}
          ln -s ${text.quote target} $out/${text.quote name}
        '') moreLinks}
      '';
    };
}
