package dev.dyad.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.TestLength;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs jcstress from the jar: for as long as the run's length says, over one of the two pollers, or over both in a
/// long run, which takes as long as jcstress's quick mode. A short run has one test of each class.
@Timeout(1800)
class StressTest {

    /// Few at a time, since each of many has two descriptors.
    private static final List<String> SMALL = List.of("-strideSize", "16", "-strideCount", "8");

    private static final List<String> ONCE = List.of("-f", "1", "-iters", "1", "-sc", "false", "-time");
    private static final List<String> LONG = List.of("-m", "quick");
    private static final List<String> POLLERS = List.of("epoll", "poll");

    /// One of each class, on both kinds of threads.
    private static final List<String> ONE_OF_EACH = List.of(
            "FdMutexStress.Close",
            "FdMutexStress.Turns",
            "BlockedStress.ReadAndClose",
            "SelectStress.SelectAndWakeupOnVirtualThread",
            "WaitStress.ReadAndWriteOnVirtualThread");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("pollers")
    void no_interleaving_breaks_a_descriptor_or_loses_a_wake_up(String poller) throws Exception {
        Path log = folder.resolve("log");

        int exit = new ProcessBuilder(command(poller))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();

        String text = Files.readString(log);
        assertThat(exit).as(text).isZero();
        assertThat(ONE_OF_EACH).allSatisfy(test -> assertThat(text).contains("[OK] dev.dyad.socket." + test));
        assertThat(text).doesNotContain("FAILED", "ERROR");
    }

    private static List<String> pollers() {
        return TestLength.current() == TestLength.LONG
                ? POLLERS
                : List.of(POLLERS.get(new Random().nextInt(POLLERS.size())));
    }

    private static List<String> length() {
        return switch (TestLength.current()) {
            case SHORT -> once("40", "-t", String.join("$|", ONE_OF_EACH) + "$");
            case CI -> once("100");
            case LONG -> LONG;
        };
    }

    private static List<String> once(String millis, String... further) {
        var arguments = new ArrayList<>(ONCE);
        arguments.add(millis);
        arguments.addAll(List.of(further));
        return arguments;
    }

    private List<String> command(String poller) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(new File("target/stress.jar").getAbsolutePath());
        command.add("-v"); // or what passes is not named
        command.addAll(SMALL);
        command.addAll(length());
        command.addAll(List.of("-jvmArgs", "--enable-native-access=ALL-UNNAMED -Ddyad.poller=" + poller));
        command.addAll(List.of("-r", folder.toString()));
        return command;
    }
}
