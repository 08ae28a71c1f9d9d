/// How hosts and paths become the addresses of system calls, and how those are told: as text and as arrays.
///
/// [Hosts][dev.dyad.php.address.Hosts] looks a name up, [Addresses][dev.dyad.php.address.Addresses] has an address as
/// a segment, and [MessageAddress][dev.dyad.php.address.MessageAddress] as the array of a message.
package dev.dyad.php.address;
