package dev.dyad.process.java;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.JavaProbe;
import dev.dyad.process.Child;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import dev.dyad.process.Talk;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Children that run a static method.
class StaticMethodTest {

    /// Starts a child by a method reference, one by a lambda, and one that throws.
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            try (Child child =
                    JavaCommand.of(Parent::run, "one", "two words", "我").spawn()) {
                System.out.println(Talk.readToEnd(child.socket()) + " " + child.waitFor());
            }
            try (Child child = JavaCommand.of(_ -> System.exit(7)).spawn()) {
                System.out.println(child.waitFor());
            }
            try (Child child = JavaCommand.of(Parent::fails).spawn()) {
                System.out.println(child.waitFor());
            }
        }

        private static void run(String[] arguments) throws IOException {
            try (StreamSocket parent = Inherited.socket()) {
                parent.write(UTF_8.encode(List.of(arguments).toString()));
            }
        }

        private static void fails(String[] arguments) {
            throw new IllegalStateException("nobody catches this");
        }
    }

    @Test
    void a_method_in_a_package_that_is_not_open_to_us_is_refused_with_what_helps() throws Exception {
        StaticMethod exit = StaticMethod.find(List.of("", "java.lang.Shutdown", "exit", "(I)V"));

        assertThatThrownBy(() -> StaticMethodMain.opened(exit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("is in package java.lang, which module java.base does not open to ")
                .hasMessageEndingWith(": what helps is \"opens java.lang to dev.dyad.process;\" in its module-info");
    }

    @Test
    void a_java_command_names_what_the_child_runs_and_no_argument() {
        assertThat(JavaCommand.of(Parent.class, "secret")).hasToString("JavaCommand[" + Parent.class.getName() + "]");
        assertThat(JavaCommand.of(Parent::run, "secret"))
                .hasToString("JavaCommand[" + Parent.class.getName() + ".run]");
    }

    @Test
    void what_a_lambda_captures_is_told_in_the_order_of_the_parameters() {
        String text = "captured";
        int number = 7;
        JavaCommand.Main main = arguments -> System.exit(text.length() + number + arguments.length);

        StaticMethod method = StaticMethod.ofCapturing(main);

        assertThat(method.captured()).containsExactly(text, number);
        assertThat(method.method().getParameterTypes()).containsExactly(String.class, int.class, String[].class);
    }

    @Test
    void a_method_and_a_lambda_run_in_a_new_jvm_and_what_they_throw_ends_it() throws Exception {
        var result = JavaProbe.of(Parent.class).environment("LC_ALL", "C.UTF-8").run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("""
                        [one, two words, 我] Exited[code=0]
                        Exited[code=7]
                        Exited[code=1]
                        """);
        assertThat(result.errText())
                .startsWith("Exception in thread \"main\" java.lang.IllegalStateException: nobody catches this\n")
                .doesNotContain("InvocationTargetException");
    }

    @Test
    void what_captures_something_is_refused_in_a_sentence() {
        var captured = new Object();

        assertThatThrownBy(() -> JavaCommand.of(_ -> captured.notifyAll()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("what a child runs must not capture anything,")
                .hasMessageEndingWith(" captures 1");
    }

    @Test
    void an_object_with_a_state_is_refused() {
        var main = new JavaCommand.Main() {
            private static final long serialVersionUID = 1L;

            @Override
            public void main(String[] arguments) {}
        };

        assertThatThrownBy(() -> JavaCommand.of(main))
                .hasMessage("what a child runs must be a static method or a lambda, not an object of"
                        + " dev.dyad.process.java.StaticMethodTest$1");
    }

    @Test
    void words_find_the_method_again() throws Exception {
        StaticMethod method = StaticMethod.of((JavaCommand.Main) Parent::run);

        assertThat(method.words()).hasSize(StaticMethod.WORDS).allMatch(word -> word.matches("[ -~]*"));
        var loader = Thread.currentThread().getContextClassLoader();
        try {
            assertThat(StaticMethod.find(method.words()).method()).isEqualTo(method.method());
        } finally {
            Thread.currentThread().setContextClassLoader(loader);
        }
    }
}
