package dev.dyad.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.posix.linux.LinuxTables;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What floor 0 believes of the headers, put to the C compiler.
@Timeout(60)
class HeadersTest {

    private static final Pattern ERROR = Pattern.compile("#define (E[A-Z0-9]+) \\w+");

    @Test
    void layouts_and_numbers_are_those_of_the_headers() throws Exception {
        assertThat(Compiler.NATIVE.complaintsAbout(Headers.claims(System.getProperty("os.arch"))))
                .isEmpty();
    }

    @Test
    void layouts_and_numbers_are_those_of_the_headers_for_aarch64() throws Exception {
        assertThat(Compiler.AARCH64.complaintsAbout(Headers.claims("aarch64"))).isEmpty();
    }

    @Test
    void every_room_for_a_struct_and_every_number_is_among_the_claims() throws Exception {
        assertThat(Headers.claims("aarch64"))
                .contains(
                        "sizeof(struct msghdr) == 56",
                        "sizeof(sigset_t) == 128",
                        "offsetof(struct epoll_event, data) == 8",
                        "offsetof(struct sockaddr_in6, sin6_scope_id) == 24",
                        "(CMSG_SPACE(1012)) == 1032",
                        "(WEXITSTATUS(1792)) == 7",
                        "(!!WCOREDUMP(139)) == 1",
                        "offsetof(struct rusage, ru_nivcsw) == 136",
                        "(EWOULDBLOCK) == 11",
                        "(SIGTERM) == 15",
                        "(SOCK_CLOEXEC) == 524288",
                        "(IPV6_V6ONLY) == 26",
                        "#ifdef SO_PEERPIDFD",
                        "(EPOLLONESHOT) == 1073741824",
                        "(MFD_CLOEXEC) == 1",
                        "(__NR_pidfd_open) == 434");
    }

    @Test
    void a_layout_of_the_other_processor_is_caught() throws Exception {
        if (!System.getProperty("os.arch").equals("aarch64")) {
            assertThat(Compiler.NATIVE.complaintsAbout(Headers.claims("aarch64")))
                    .contains("sizeof(struct stat) == 128", "offsetof(struct epoll_event, data) == 8");
        }
        assertThat(Compiler.AARCH64.complaintsAbout(Headers.claims("amd64")))
                .contains("sizeof(struct stat) == 144", "offsetof(struct epoll_event, data) == 4");
    }

    @Test
    void a_wrong_claim_is_caught() throws Exception {
        String wrong = Headers.INCLUDES
                + Headers.number("EAGAIN", -1)
                + Headers.size("sigset_t", 127)
                + Headers.field("struct iovec", "iov_len", 9, 7)
                + Headers.number("CMSG_SPACE(5)", 23)
                + Headers.number("NO_SUCH_NUMBER", 0);

        assertThat(Compiler.NATIVE.complaintsAbout(wrong))
                .contains("(EAGAIN) == -1")
                .contains("sizeof(sigset_t) == 127")
                .contains("offsetof(struct iovec, iov_len) == 9")
                .contains("sizeof(((struct iovec *) 0)->iov_len) == 7")
                .contains("(CMSG_SPACE(5)) == 23")
                .contains("NO_SUCH_NUMBER");
    }

    @Test
    void every_error_of_the_header_is_known() throws Exception {
        assertThat(Compiler.NATIVE
                        .macros("#include <errno.h>\n")
                        .map(ERROR::matcher)
                        .filter(Matcher::matches)
                        .map(matcher -> matcher.group(1))
                        .collect(Collectors.toSet()))
                .isEqualTo(LinuxTables.errors().keySet());
    }
}
