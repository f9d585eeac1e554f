/** Models on the network: who announced which, their files from peers, the validators' signatures. */
@NullMarked
package io.engram.client.exchange;

import org.jspecify.annotations.NullMarked;
