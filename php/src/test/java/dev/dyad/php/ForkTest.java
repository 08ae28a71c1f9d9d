package dev.dyad.php;

import static dev.dyad.php.Pcntl.*;
import static dev.dyad.php.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.Sampled;
import java.io.Serializable;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.reflect.AccessFlag;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Sampled
class ForkTest {

    private static JavaProbe.Result run(String program, String... options) throws Exception {
        return JavaProbe.of(ForkPrograms.class, program)
                .options(options)
                .environment("LC_ALL", "C")
                .run();
    }

    private static void assertPrints(JavaProbe.Result result, String out) {
        assertThat(result.outText()).describedAs(result.toString()).isEqualTo(out);
        assertThat(result.errText()).isEmpty();
        assertThat(result.exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lambda", "method"})
    @FirstInShortRuns
    void parent_and_child_talk_and_each_closes_the_end_that_it_does_not_use(String program) throws Exception {
        assertPrints(run(program), """
            child reads HELLO PARENT
            parent reads HELLO CHILD
            then ""
            true exited 0
            """);
    }

    @Test
    @NotInShortRuns("parent_and_child_talk_and_each_closes_the_end_that_it_does_not_use")
    void a_method_of_any_type_that_takes_sockets_will_do() throws Exception {
        assertPrints(run("anything"), "called with Socket[]\ntrue exited 0\n");
    }

    @Test
    @NotInShortRuns("a_child_that_throws_ends_with_255_and_a_stack_trace")
    void a_child_ends_with_the_code_that_it_gives() throws Exception {
        assertPrints(run("exit"), "true exited 3\n");
    }

    @Test
    void a_child_that_throws_ends_with_255_and_a_stack_trace() throws Exception {
        var result = run("throw");

        assertThat(result.outText()).isEqualTo("true exited 255\n");
        assertThat(result.errText())
                .startsWith("Exception in thread \"main\" java.io.IOException: nobody catches this\n")
                .contains("at dev.dyad.php.ForkPrograms.");
    }

    @Test
    void a_child_that_a_signal_ends_is_signaled_and_its_end_is_the_end() throws Exception {
        assertPrints(run("kill"), """
            ready !
            true signaled 9
            then ""
            """);
    }

    @Test
    @NotInShortRuns("a_child_that_a_signal_ends_is_signaled_and_its_end_is_the_end")
    void a_child_that_may_be_asked_to_end_is_ended_by_that_signal() throws Exception {
        assertPrints(run("term"), """
            ready !
            true true false Invalid argument
            true signaled 15
            false No such process
            """);
    }

    @Test
    void a_child_may_be_sent_any_signal_there_is() throws Exception {
        assertPrints(run("real-time"), """
            ready !
            true
            true signaled 40
            """);
    }

    @Test
    void children_are_waited_for_by_their_group_and_flags_that_are_none_are_refused() throws Exception {
        assertPrints(run("groups"), """
            -1 No child processes
            true exited 4
            true exited 5
            -1 Invalid argument
            -1 No such process
            -1 No child processes
            """);
    }

    @Test
    @NotInShortRuns("children_are_waited_for_by_their_group_and_flags_that_are_none_are_refused")
    void a_process_knows_its_number_its_parent_and_its_group() throws Exception {
        assertPrints(run("numbers"), "true true\ntrue exited 0\n");
    }

    @Test
    @NotInShortRuns("a_child_that_a_signal_ends_is_signaled_and_its_end_is_the_end")
    void a_child_that_is_stopped_and_goes_on_is_news() throws Exception {
        assertPrints(run("stop"), """
            nothing yet 0 0
            true stopped 19
            true continued
            true exited 0
            """);
    }

    @Test
    void any_child_can_be_waited_for_and_each_once() throws Exception {
        assertPrints(run("any"), """
            true exited 1
            -1 -1 No child processes
            """);
    }

    @Test
    void a_child_of_a_child_is_unknown_to_its_grandparent() throws Exception {
        assertPrints(run("generations"), """
            true exited 6
            -1 No child processes
            true exited 0
            """);
    }

    @Test
    @NotInShortRuns("any_child_can_be_waited_for_and_each_once")
    void an_interrupted_wait_is_an_interrupted_call() throws Exception {
        assertPrints(run("interrupt"), """
            -1 Interrupted system call true
            true exited 0
            """);
    }

    @Test
    void a_child_has_the_options_of_its_parent_and_nothing_of_its_memory() throws Exception {
        var result = run("state", "-Down=mine", "-Xmx64m");

        assertThat(result.outText()).isEqualTo("0 sockets, last error 95, own mine, UTF-8\ntrue exited 0\n");
    }

    @Test
    void a_spawn_that_fails_is_minus_one_and_a_warning() throws Exception {
        var result = run("no-java");

        assertThat(result.outText()).isEqualTo("pid -1, No such file or directory\n");
        assertThat(result.errText())
                .startsWith("PHP Warning:  pcntl_fork(): Error 2: posix_spawn: /no/such/bin/java: No such file");
    }

    @Test
    void without_descriptors_there_is_no_pair_and_no_child_and_then_there_is() throws Exception {
        var result =
                JavaProbe.of(ForkPrograms.class, "exhausted").descriptors(64).run();

        assertThat(result.outText())
                .describedAs(result.toString())
                .isEqualTo("true exited 0\npair 24 true\nfork -1 24\nagain true\n");
        assertThat(result.errText())
                .contains("PHP Warning:  socket_create_pair(): Unable to create socket pair [24]: Too many open files"
                        + " in ")
                .contains("PHP Warning:  pcntl_fork(): Error 24: ");
    }

    @Test
    void without_native_access_all_but_the_fork_works() throws Exception {
        var result = run("pair", "-Ddyad.platform=none");

        assertPrints(result, """
            string(10) "ABCdef123
            "
            string(4) "rest"
            string(0) ""
            string(10) "ABCdef123
            "
            string(4) "rest"
            string(0) ""
            pcntl_fork(): a child can inherit no socket here: -Ddyad.platform=none
            """);
    }

    @Test
    void values_that_a_body_captures_arrive_as_copies() throws Exception {
        assertPrints(run("values"), """
            [a, b, text 孩子 3 3 1099511627776 0.5 null]
            Job[name=job, parts={x=[1, 2]}, next=Job[name=next, parts={}, next=null]]
            1 socket
            true exited 0
            [a, b, after the fork] 1
            """);
    }

    @Test
    @NotInShortRuns("values_that_a_body_captures_arrive_as_copies")
    void a_captured_value_may_be_long() throws Exception {
        assertPrints(run("much"), "true exited 7\n");
    }

    @Test
    void a_captured_socket_is_the_childs_own() throws Exception {
        assertPrints(run("captured-sockets"), """
            true 1 from the parent
            true exited 0
            from the child
            """);
    }

    @Test
    void a_body_that_captures_what_nobody_can_serialize_is_refused() {
        var list = List.of("text", new Thread());

        assertThatThrownBy(() -> pcntl_fork(sockets -> echo(list.toString())))
                .isInstanceOf(ValueError.class)
                .hasMessage("pcntl_fork(): Argument #1 ($body) captures an object of java.lang.Thread, which is not"
                        + " Serializable: copy what it holds into a variable of the body's own before");
    }

    /// Only the child would read it, and be ended by it.
    @Test
    void a_body_that_captures_what_cannot_be_read_is_refused() {
        var broken = new Broken();

        assertThatThrownBy(() -> pcntl_fork(sockets -> System.exit(broken.hashCode())))
                .isInstanceOf(ValueError.class)
                .hasMessage("pcntl_fork(): Argument #1 ($body) captures what cannot be copied:"
                        + " java.lang.IllegalStateException: not again");
    }

    private static final class Broken implements Serializable {

        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            throw new IllegalStateException("not again");
        }

        @Override
        public String toString() {
            return "never read";
        }
    }

    @Test
    void a_body_that_captures_an_object_of_a_class_that_only_this_jvm_can_load_is_refused() throws Exception {
        byte[] bytes = ClassFile.of()
                .build(
                        ClassDesc.of("Elsewhere"),
                        type -> type.withFlags(AccessFlag.PUBLIC)
                                .withInterfaceSymbols(ClassDesc.of("java.io.Serializable"))
                                .withMethodBody(
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void,
                                        ClassFile.ACC_PUBLIC,
                                        code -> code.aload(0)
                                                .invokespecial(
                                                        ConstantDescs.CD_Object,
                                                        ConstantDescs.INIT_NAME,
                                                        ConstantDescs.MTD_void)
                                                .return_()));
        Object stranger = elsewhere(bytes).getConstructor().newInstance();

        assertThatThrownBy(() -> pcntl_fork(sockets -> echo(stranger.toString())))
                .isInstanceOf(ValueError.class)
                .hasMessage("pcntl_fork(): Argument #1 ($body) captures what cannot be copied:"
                        + " java.lang.ClassNotFoundException: Elsewhere");
    }

    @Test
    void a_body_that_captures_a_closed_socket_is_refused() {
        Socket[] pair = new Socket[2];
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair);
        socket_close(pair[1]);

        assertThatThrownBy(() -> pcntl_fork(sockets -> socket_close(pair[0])))
                .isInstanceOf(ValueError.class)
                .hasMessage("pcntl_fork(): Argument #1 ($body) captures a socket that has already been closed");
        socket_close(pair[0]);
    }

    @Test
    void a_body_that_uses_this_is_refused() {
        assertThatThrownBy(() -> pcntl_fork(sockets -> echo(toString())))
                .isInstanceOf(ValueError.class)
                .hasMessageStartingWith("pcntl_fork(): Argument #1 ($body) must be a static method or a lambda, not the"
                        + " instance method dev.dyad.php.ForkTest.lambda$")
                .hasMessageEndingWith(", which needs the object that it is called on");
    }

    @Test
    void an_anonymous_class_is_refused() {
        var body = new ForkBody() {
            private static final long serialVersionUID = 1L;

            @Override
            public void run(Socket[] sockets) {}
        };

        assertThatThrownBy(() -> pcntl_fork(body))
                .isInstanceOf(ValueError.class)
                .hasMessage("pcntl_fork(): Argument #1 ($body) must be a static method or a lambda, not an object of"
                        + " dev.dyad.php.ForkTest$1");
    }

    @Test
    void an_instance_method_is_refused() {
        assertThatThrownBy(() -> pcntl_fork(Object::notifyAll))
                .isInstanceOf(ValueError.class)
                .hasMessage("pcntl_fork(): Argument #1 ($body) must be a static method or a lambda, not the instance"
                        + " method java.lang.Object.notifyAll");
    }

    @Test
    void a_class_that_only_this_jvm_can_load_is_refused() throws Exception {
        byte[] bytes;
        try (var in = BodySupplier.class.getResourceAsStream("BodySupplier.class")) {
            bytes = in == null ? new byte[0] : in.readAllBytes();
        }
        ForkBody body = (ForkBody) elsewhere(bytes).getMethod("get").invoke(null);

        assertThatThrownBy(() -> pcntl_fork(body))
                .isInstanceOf(ValueError.class)
                .hasMessageStartingWith("pcntl_fork(): Argument #1 ($body) is in dev.dyad.php.BodySupplier, which a new"
                        + " JVM cannot load: here it comes from the class loader ");
    }

    /// Returns a class that no other class loader has.
    private static Class<?> elsewhere(byte[] bytes) {
        return new ClassLoader(ForkTest.class.getClassLoader()) {
            Class<?> define() {
                return defineClass(null, bytes, 0, bytes.length);
            }
        }.define();
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker do
    void a_socket_that_is_closed_and_a_body_that_is_null_are_refused() {
        Socket[] pair = new Socket[2];
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair);
        socket_close(pair[1]);

        assertThatThrownBy(() -> pcntl_fork(sockets -> {}, pair))
                .isExactlyInstanceOf(PhpError.class)
                .hasMessage("pcntl_fork(): Argument #3 ($socket) has already been closed");
        assertThatThrownBy(() -> pcntl_fork(null, pair))
                .isInstanceOf(TypeError.class)
                .hasMessage("pcntl_fork(): Argument #1 ($body) must be of type ForkBody, null given");
        socket_close(pair[0]);
    }

    /// The macros of `<sys/wait.h>`, for words that a C program printed.
    @ParameterizedTest
    @CsvSource({
        "0x0000, true, 0, false, false, false",
        "0x0300, true, 3, false, false, false",
        "0xff00, true, 255, false, false, false",
        "0x0009, false, 0, true, false, false",
        "0x008b, false, 0, true, false, false",
        "0x137f, false, 19, false, true, false",
        "0xffff, false, 255, false, false, true",
    })
    void a_status_is_read_as_linux_packs_it(
            String word, boolean exited, int high, boolean signaled, boolean stopped, boolean continued) {
        int status = Integer.decode(word);

        assertThat(pcntl_wifexited(status)).isEqualTo(exited);
        assertThat(pcntl_wexitstatus(status)).isEqualTo(high);
        assertThat(pcntl_wstopsig(status)).isEqualTo(high);
        assertThat(pcntl_wifsignaled(status)).isEqualTo(signaled);
        assertThat(pcntl_wifstopped(status)).isEqualTo(stopped);
        assertThat(pcntl_wifcontinued(status)).isEqualTo(continued);
        assertThat(pcntl_wtermsig(status)).isEqualTo(status & 0x7f);
    }
}
