package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.Sampled;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Sampled
class JavaCommandTest {

    /// Starts itself once more, and shows what that child was started with.
    static final class Parent {

        public static void main(String[] arguments) throws Exception {
            try (Child child =
                    JavaCommand.of(Grandchild.class, "one", "two words").spawn()) {
                System.exit(child.waitFor().shellCode());
            }
        }
    }

    static final class Grandchild {

        public static void main(String[] arguments) throws Exception {
            Inherited.socket().close();
            System.out.println(ManagementFactory.getRuntimeMXBean().getInputArguments());
            System.out.println(List.of(arguments));
            System.out.println("tool: " + System.getProperty("tool") + " own: " + System.getProperty("own") + " 我 "
                    + System.out.charset());
        }
    }

    /// Has so long a class path that it is no argument, and starts a child twice.
    static final class LongPath {

        public static void main(String[] arguments) throws Exception {
            String path = System.getProperty("java.class.path");
            String more = ":/no/such \\ \"folder\" with a long name".repeat(5_000);
            System.setProperty("java.class.path", path + more);
            for (int i = 0; i < 2; i++) {
                try (Child child = JavaCommand.of(LongPath::tell).spawn()) {
                    System.out.println(
                            Talk.readToEnd(child.socket()).equals(path + more) ? child.waitFor() : "another path");
                }
            }
        }

        private static void tell(String[] arguments) throws IOException {
            try (var end = Inherited.socket()) {
                var path = UTF_8.encode(System.getProperty("java.class.path"));
                while (path.hasRemaining()) {
                    end.write(path);
                }
            }
        }
    }

    @Test
    @NotInShortRuns("a_child_has_the_memory_the_properties_and_the_encodings_that_it_needs")
    void a_class_path_may_be_longer_than_an_argument() throws Exception {
        assertThat(JavaProbe.of(LongPath.class).run().toString()).isEqualTo("exit 0\nExited[code=0]\nExited[code=0]\n");
    }

    @Test
    void a_child_has_the_memory_the_properties_and_the_encodings_that_it_needs() throws Exception {
        var result = JavaProbe.of(Parent.class)
                .options("-Xmx48m", "-Down=1", "-ea")
                .environment("LC_ALL", "C")
                .run();

        assertThat(result.exit()).describedAs(result.toString()).isZero();
        assertThat(result.outText())
                .contains("-Xmx48m")
                .contains("-ea")
                .contains("--enable-native-access=ALL-UNNAMED")
                .contains("[one, two words]")
                .contains("own: 1 我 UTF-8");
        assertThat(result.errText()).isEmpty();
    }

    @Test
    void a_parent_that_is_debugged_managed_recorded_and_logged_keeps_that_to_itself(@TempDir Path folder)
            throws Exception {
        var result = JavaProbe.of(Parent.class)
                .options(
                        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y",
                        "-Dcom.sun.management.jmxremote.port=0",
                        "-Dcom.sun.management.jmxremote.authenticate=false",
                        "-Dcom.sun.management.jmxremote.ssl=false",
                        "-XX:StartFlightRecording=settings=none,filename=" + folder.resolve("parent.jfr"),
                        "-Xlog:disable",
                        "-Xlog:gc*:file=" + folder.resolve("gc.log"))
                .environment("JAVA_TOOL_OPTIONS", "-Dtool=1 -XX:+HeapDumpOnOutOfMemoryError")
                .run();

        assertThat(result.exit()).describedAs(result.toString()).isZero();
        assertThat(result.outText())
                .contains("tool: 1")
                .doesNotContain("HeapDump")
                .doesNotContain("jdwp")
                .doesNotContain("com.sun.management")
                .doesNotContain("FlightRecord")
                .doesNotContain("-Xlog");
        assertThat(result.errText()).containsOnlyOnce("Picked up JAVA_TOOL_OPTIONS");
        assertThat(folder).isDirectoryContaining("glob:**gc.log").isDirectoryContaining("glob:**parent.jfr");
        assertThat(Files.readString(folder.resolve("gc.log"))).containsOnlyOnce("Using Serial");
    }

    @Test
    void a_program_on_the_module_path_has_children_there(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("src/user"));
        Files.writeString(folder.resolve("src/module-info.java"), "module user { requires dev.dyad.process; }");
        Files.writeString(folder.resolve("src/user/Main.java"), """
                package user;

                import dev.dyad.process.Inherited;
                import dev.dyad.process.JavaCommand;

                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        if (arguments.length == 0) {
                            try (var child = JavaCommand.of(Main.class, "child").spawn()) {
                                System.exit(child.waitFor().shellCode());
                            }
                        }
                        Inherited.socket().close();
                        System.out.println(Main.class.getModule() + " " + arguments[0]);
                    }
                }
                """);
        String modules = System.getProperty("jdk.module.path");
        compile(folder, modules);

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--module-path",
                        modules + ":" + folder.resolve("out"),
                        "--enable-native-access=dev.dyad.posix",
                        "--module",
                        "user/user.Main")
                .redirectErrorStream(true)
                .start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("module user child\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void memory_is_limited_by_the_last_word() {
        var words = JavaCommand.of(Grandchild.class)
                .maxHeap(64 << 20)
                .maxDirectMemory(1 << 20)
                .maxMetaspace(32 << 20)
                .options("-XX:+UseSerialGC")
                .command()
                .words();

        assertThat(words)
                .containsSubsequence(
                        "-Dfile.encoding=UTF-8",
                        "-Xmx67108864",
                        "-XX:MaxDirectMemorySize=1048576",
                        "-XX:MaxMetaspaceSize=33554432",
                        "-XX:+UseSerialGC")
                .last()
                .asString()
                .endsWith(Grandchild.class.getName());
        assertThatThrownBy(() -> JavaCommand.of(Grandchild.class).maxHeap(0)).hasMessage("not a size: 0");
    }

    /// Starts a child whose heap is small, and says how large.
    static final class Limiting {
        public static void main(String[] arguments) throws Exception {
            try (Child child = JavaCommand.of(Limited.class).maxHeap(40 << 20).spawn()) {
                System.out.println(Talk.readToEnd(child.socket()));
            }
        }
    }

    static final class Limited {
        public static void main(String[] arguments) throws Exception {
            long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
            Inherited.socket().write(UTF_8.encode(mebibytes <= 40 ? "limited" : "has " + mebibytes));
        }
    }

    @Test
    @NotInShortRuns("a_child_has_the_memory_the_properties_and_the_encodings_that_it_needs")
    void a_limit_overrides_that_of_the_parent() throws Exception {
        var result = JavaProbe.of(Limiting.class).options("-Xmx200m").run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("limited\n");
    }

    @Test
    void a_class_that_no_new_jvm_can_load_is_refused() {
        assertThatThrownBy(() -> JavaCommand.of(String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no new JVM can load class java.lang.String");
    }

    private static void compile(Path folder, String modules) {
        int answer = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-d",
                        folder.resolve("out").toString(),
                        "--module-path",
                        modules,
                        folder.resolve("src/module-info.java").toString(),
                        folder.resolve("src/user/Main.java").toString());
        assertThat(answer).isZero();
    }
}
