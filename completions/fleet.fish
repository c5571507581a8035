# Completion of fleet for fish: `fleet completion fish` prints it.
function __fleet_complete
    set -l words (commandline --tokenize --current-process --cut-at-cursor)
    set -l current (commandline --current-token --cut-at-cursor)
    for line in (command $words[1] complete -- $words[2..-1] $current 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path $current
        else
            echo $line
        end
    end
end
complete --command fleet --no-files --keep-order --arguments '(__fleet_complete)'
