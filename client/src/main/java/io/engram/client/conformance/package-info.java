/** Runs Ethereum's public test formats on this client: state tests and blockchain tests. */
@NullMarked
package io.engram.client.conformance;

import org.jspecify.annotations.NullMarked;
