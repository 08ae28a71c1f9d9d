# A worker of a Dyad parent: answers each message with its text in upper case, until the parent has no more to ask.
# A message is its length in four bytes, big-endian, and so many bytes.
use strict;
use warnings;
use IO::Handle;

my $fd = $ENV{DYAD_FD} // 3;
open(my $in,  '<&=', $fd) or die "descriptor $fd: $!";
open(my $out, '>&=', $fd) or die "descriptor $fd: $!";
binmode $_ for $in, $out;

while (my $came = read($in, my $head, 4) // die "read: $!") {
    my $length = $came == 4 ? unpack('N', $head) : die "a length is cut\n";
    die "a message of 2 GiB or more\n" if $length >= 1 << 31;
    (read($in, my $request, $length) // die "read: $!") == $length or die "a message is cut\n";
    my $answer = uc $request;
    print {$out} pack('N', length $answer), $answer;
    $out->flush or die "write: $!";
}
