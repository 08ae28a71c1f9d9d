package dev.dyad.interop;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.php.Pcntl;
import dev.dyad.php.Sockets;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The functions and how many parameters they take, compared with those of the newest PHP that is here.
class ParametersTest {

    private static final String LIST = """
        foreach (get_extension_funcs($argv[1]) as $name) {
            $function = new ReflectionFunction($name);
            echo $name, ' ', $function->getNumberOfRequiredParameters(), ' ', $function->getNumberOfParameters(), "\\n";
        }""";

    /// The fork has a body and sockets in Java; what a child used is told by `Child.usage`.
    private static final Set<String> OTHERWISE = Set.of("pcntl_fork", "pcntl_wait", "pcntl_waitpid");

    /// What PHP demands, and what it takes at most.
    private record Count(int required, int all) {}

    @Test
    void every_function_of_sockets_is_here_with_its_parameters() throws Exception {
        assertThat(ofJava()).containsAllEntriesOf(ofPhp("sockets"));
    }

    @Test
    void those_of_processes_that_are_here_have_their_parameters() throws Exception {
        Map<String, Count> ofPhp = ofPhp("pcntl");
        ofPhp.putAll(ofPhp("posix"));
        Map<String, Count> ofJava = ofJava();
        ofPhp.keySet().retainAll(ofJava.keySet());
        assertThat(ofPhp.keySet()).hasSizeGreaterThan(15).containsAll(OTHERWISE);
        ofPhp.keySet().removeAll(OTHERWISE);

        assertThat(ofJava).containsAllEntriesOf(ofPhp);
    }

    /// As each overload is one choice of PHP's optional parameters.
    private static Map<String, Count> ofJava() {
        Map<String, TreeSet<Integer>> counts = Stream.of(Sockets.class, Pcntl.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .collect(groupingBy(Method::getName, mapping(Method::getParameterCount, toCollection(TreeSet::new))));
        var java = new TreeMap<String, Count>();
        counts.forEach((name, count) -> java.put(name, new Count(count.first(), count.last())));
        return java;
    }

    private static Map<String, Count> ofPhp(String extension) throws Exception {
        Php newest = Php.newest();
        assumeTrue(newest.isAtLeast("8.6"), "the level is that of PHP 8.6, which is not here");
        var counts = new TreeMap<String, Count>();
        newest.says(LIST, extension).lines().map(line -> line.split(" ", -1)).forEach(words -> {
            counts.put(words[0], new Count(Integer.parseInt(words[1]), Integer.parseInt(words[2])));
        });
        return counts;
    }
}
