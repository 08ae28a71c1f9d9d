package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrnoTest {

    @Test
    void says_what_the_c_library_says() {
        assertThat(Errno.EPIPE.name()).isEqualTo("EPIPE");
        assertThat(Errno.EPIPE.text()).isEqualTo("Broken pipe");
        assertThat(Errno.of(-32)).isEqualTo(Errno.EPIPE);
    }

    @Test
    void a_number_without_a_name_is_a_value_too() {
        assertThat(new Errno(4095)).hasToString("Unknown error 4095 (errno 4095)");
    }

    @Test
    void an_exception_names_the_call_the_subject_and_the_error() {
        var failure = new SystemCallException("posix_spawn", Errno.ENOENT, "/no/such");

        assertThat(failure).hasMessage("posix_spawn: /no/such: No such file or directory (ENOENT)");
        assertThat(failure.call()).isEqualTo("posix_spawn");
        assertThat(failure.errno()).isEqualTo(Errno.ENOENT);
        assertThat(new SystemCallException("sendmsg", Errno.EPIPE)).hasMessage("sendmsg: Broken pipe (EPIPE)");
    }
}
