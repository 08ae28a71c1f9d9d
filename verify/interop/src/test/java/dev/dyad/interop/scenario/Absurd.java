package dev.dyad.interop.scenario;

import java.util.List;
import java.util.Random;
import java.util.Set;

/// Arguments that make sense, and that do not.
final class Absurd {

    /// With it PHP hands out memory that is not its own.
    static final int MSG_TRUNC = 0x20;
    static final int MSG_FASTOPEN = 0x20000000;

    static final String MUCH = "str_repeat(\"ab\", 5000)";
    static final String A_LOT = "str_repeat(\"0123456789\", 30000)";

    static final List<String> DATA =
            List.of("\"\"", "\"x\"", "\"hello\"", "\"hello\\r\\nworld\\n\"", "\"\\x00\\xff\\x80\"", MUCH, A_LOT);

    static final List<String> LENGTHS =
            List.of("0", "1", "3", "5", "100", "65536", "-1", "2147483647", "-2147483648", "1000000");

    static final List<String> FLAGS = List.of(
            "0",
            "0",
            "0",
            "0",
            "MSG_DONTWAIT",
            "MSG_DONTWAIT",
            "MSG_PEEK",
            "MSG_OOB",
            "MSG_WAITALL",
            "MSG_EOR",
            "MSG_DONTROUTE",
            "MSG_MORE",
            "MSG_ERRQUEUE",
            "MSG_DONTWAIT | MSG_PEEK",
            "-1",
            "random");

    static final List<String> LEVELS =
            List.of("SOL_SOCKET", "SOL_TCP", "SOL_UDP", "IPPROTO_IP", "IPPROTO_IPV6", "-1", "9999", "0");

    static final List<String> VALUES = List.of(
            "0",
            "1",
            "-1",
            "2",
            "100",
            "4096",
            "2147483647",
            "-2147483648",
            "true",
            "null",
            "\"5\"",
            "\"x\"",
            "1.5",
            "\"lo\"",
            "[]");

    /// No `SOCK_RAW`, which hears what others on the machine send; nor 10, which makes a socket of packets, whose
    /// addresses docs/php.md leaves out.
    static final List<String> TYPES =
            List.of("SOCK_STREAM", "SOCK_DGRAM", "SOCK_SEQPACKET", "SOCK_RDM", "0", "6", "11", "-1");

    /// Where to send and to connect.
    static final List<String> ADDRESSES = List.of(
            "\"\"",
            "\"%D/0\"",
            "\"%D/1\"",
            "\"\\x00%D0\"",
            "\"%D/no/such\"",
            "\"127.0.0.1\"",
            "\"::1\"",
            "\"0.0.0.0\"",
            "\"localhost\"",
            "\"no such host\"",
            "str_repeat(\"x\", 107)");

    /// Names to bind to, none of which is a file of the folder that the tests run in.
    static final List<String> NAMES = List.of(
            "\"\"", "\"%D/0\"", "\"%D/1\"", "\"\\x00%D0\"", "\"%D/no/such\"", "\"/\"", "str_repeat(\"x\", 108)");

    static final List<String> HOSTS = List.of(
            "\"\"", "\"127.0.0.1\"", "\"::1\"", "\"0.0.0.0\"", "\"localhost\"", "\"no such host\"", "\"192.0.2.1\"");

    /// Options whose values are another each time: credentials, processors, cookies, times, ports; and those
    /// whose answer is shorter than an int, of which PHP tells what it had in memory.
    private static final Set<Integer> CHANGING =
            Set.of(4, 6, 9, 11, 17, 19, 23, 24, 25, 26, 28, 31, 33, 49, 52, 54, 55, 56, 57, 59);

    /// Timeouts, which could be set to none.
    private static final Set<Integer> WAITING = Set.of(20, 21, 66, 67);

    /// A filter, whose value is the number of a descriptor that may be open on one side.
    private static final Set<Integer> DIFFERING = Set.of(50);

    private static final int HIGHEST_OPTION = 70;

    private Absurd() {}

    static String option(Random random) {
        while (true) {
            int option = random.nextInt(HIGHEST_OPTION + 2) - 1;
            if (!CHANGING.contains(option) && !WAITING.contains(option) && !DIFFERING.contains(option)) {
                return Integer.toString(option);
            }
        }
    }
}
