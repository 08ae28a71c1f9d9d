package dev.dyad.process.java;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.process.Child;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import dev.dyad.process.Talk;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.loader.launch.PropertiesLauncher;

/// Java children of a program that Spring Boot has loaded.
class FatJarTest {

    /// Starts a method of its own, and a class.
    static final class Program {

        public static void main(String[] arguments) throws Exception {
            for (JavaCommand command :
                    new JavaCommand[] {JavaCommand.of(Program::answer, "method"), JavaCommand.of(Answers.class, "class")
                    }) {
                try (Child child = command.spawn()) {
                    System.out.println(Talk.readToEnd(child.socket()) + ", " + child.waitFor());
                }
            }
        }

        static void answer(String[] arguments) throws IOException {
            try (var end = Inherited.socket()) {
                end.write(UTF_8.encode(arguments[0]));
            }
        }
    }

    static final class Answers {
        public static void main(String[] arguments) throws IOException {
            Program.answer(arguments);
        }
    }

    @Test
    void children_of_a_fat_jar_are_loaded_by_its_launcher() throws Exception {
        var result = JavaProbe.of(PropertiesLauncher.class)
                .options("-Dloader.main=" + Program.class.getName())
                .run();

        assertThat(result.toString()).isEqualTo("""
                        exit 0
                        method, Exited[code=0]
                        class, Exited[code=0]
                        """);
    }
}
