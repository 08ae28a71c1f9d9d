package dev.dyad.interop.trace;

/// What is traced, and of how many method calls and source files it may consist: a reader has to follow them all.
enum Traced {
    WRITE("a write of 64 bytes", 16, 6),
    READ("a read that need not wait", 17, 6),
    READ_THAT_WAITS("a read that waits", 50, 10),
    SPAWN("/bin/true spawned, waited for and closed", 145, 22),
    SELECT("socket_select, one of one ready", 48, 7);

    final String title;
    final int calls;
    final int files;

    Traced(String title, int calls, int files) {
        this.title = title;
        this.calls = calls;
        this.files = files;
    }
}
