package dev.dyad.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A call has three names, which drift apart by hand: the symbol's, the method's and the handle's.
class NamesTest {

    private static final Pattern HANDLE = Pattern.compile("static final MethodHandle ");
    private static final Pattern HOLDER = Pattern.compile(
            "private static final class (\\w+) \\{\\s+static final MethodHandle HANDLE =\\s+link\\w*\\(\\s*\"(\\w+)\"");
    private static final Pattern METHOD =
            Pattern.compile("\n    (?:public )?static [\\w.]+ (\\w+)\\([^{]*\\{(.*?)\n    }\n", Pattern.DOTALL);

    /// What not every glibc of tier 1 has.
    private static final List<String> OPTIONAL = List.of("posix_spawn_file_actions_addclosefrom_np");

    record Call(Path file, String source, String holder, String symbol) {
        @Override
        public String toString() {
            return symbol + " in " + file.getFileName();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void the_method_is_called_like_the_symbol(Call call) {
        List<String> users = METHOD.matcher(call.source())
                .results()
                .filter(method -> Pattern.compile("\\b" + call.holder() + "\\.HANDLE\\b")
                        .matcher(method.group(2))
                        .find())
                .map(method -> method.group(1))
                .distinct()
                .toList();

        assertThat(users).containsExactly(call.symbol());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void the_library_has_the_symbol(Call call) {
        if (!OPTIONAL.contains(call.symbol())) {
            assertThat(Linking.find(call.symbol())).isPresent();
        }
    }

    /// A handle that is written in another way would not be looked at.
    @ParameterizedTest(name = "{0}")
    @MethodSource("sources")
    void every_handle_is_in_a_holder(Path file) throws IOException {
        String source = Files.readString(file);

        assertThat(HOLDER.matcher(source).results())
                .hasSize((int) HANDLE.matcher(source).results().count());
    }

    static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(System.getProperty("basedir", "."), "src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    static List<Call> calls() throws IOException {
        return sources().stream().flatMap(NamesTest::callsOf).toList();
    }

    private static Stream<Call> callsOf(Path file) {
        try {
            String source = Files.readString(file);
            return HOLDER.matcher(source)
                    .results()
                    .map((MatchResult holder) -> new Call(file, source, holder.group(1), holder.group(2)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
