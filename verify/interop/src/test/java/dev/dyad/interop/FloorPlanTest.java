package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The floor plan of ARCHITECTURE: it has each module, and each package of those that are published.
class FloorPlanTest {

    private static final Pattern PLAN =
            Pattern.compile("^## The floors\n+```\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    /// The package of a line; or the end of one, which begins with a dot and belongs to the last whole one above it.
    private static final Pattern ROOM = Pattern.compile("^(?:[\\w-]+/)? +(dev(?:\\.\\w+)+|\\.\\w+) ");
    private static final Pattern FOLDER = Pattern.compile("^( {2})?([\\w-]+)/ ");
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    private static final Path SOURCES = Path.of("src/main/java");

    @Test
    void it_has_each_room_and_no_other() {
        var rooms = new TreeSet<String>();
        String floor = "";
        for (String line : plan()) {
            Optional<String> room =
                    ROOM.matcher(line).results().map(found -> found.group(1)).findAny();
            if (room.isPresent() && room.get().startsWith(".")) {
                rooms.add(floor + room.get());
            } else if (room.isPresent()) {
                floor = room.get();
                rooms.add(floor);
            }
        }

        assertThat(rooms).isNotEmpty().isEqualTo(new TreeSet<>(packages().toList()));
    }

    @Test
    void it_has_each_module_and_no_folder_that_is_not_there() {
        var folders = new TreeSet<String>();
        String above = "";
        for (String line : plan()) {
            Optional<MatchResult> folder = FOLDER.matcher(line).results().findAny();
            if (folder.isPresent() && folder.get().group(1) != null) {
                folders.add(above + "/" + folder.get().group(2));
            } else if (folder.isPresent()) {
                above = folder.get().group(2);
                folders.add(above);
            }
        }

        assertThat(folders)
                .allSatisfy(folder -> assertThat(PhpRuns.ROOT.resolve(folder)).isDirectory());
        assertThat(folders).containsAll(modules());
    }

    private static List<String> plan() {
        return PLAN.matcher(Sources.read(PhpRuns.ROOT.resolve("ARCHITECTURE.md")))
                .results()
                .findAny()
                .orElseThrow()
                .group(1)
                .lines()
                .toList();
    }

    private static List<String> modules() {
        return MODULE.matcher(Sources.read(PhpRuns.ROOT.resolve("pom.xml")))
                .results()
                .map(module -> module.group(1))
                .toList();
    }

    /// Returns the packages of what is published.
    private static Stream<String> packages() {
        return modules().stream()
                .filter(module -> !module.startsWith("verify/"))
                .map(module -> PhpRuns.ROOT.resolve(module).resolve(SOURCES))
                .flatMap(sources -> Sources.byName().values().stream()
                        .flatMap(List::stream)
                        .filter(file -> file.startsWith(sources) && !file.endsWith("module-info.java"))
                        .map(file ->
                                sources.relativize(file.getParent()).toString().replace('/', '.')))
                .distinct();
    }
}
