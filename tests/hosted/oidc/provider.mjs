// An OpenID provider that nobody here wrote, as strict as it comes; it asks for a name and takes any.
// node provider.mjs PORT REDIRECT_URI CLIENT SECRET
import Provider from "oidc-provider";

const [port, redirectUri, client, secret] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [redirectUri] }],
  cookies: { keys: ["only-for-tests"] },
  // In its defaults a token names a user by number alone; the rest is said at its second address.
  claims: { email: ["email", "email_verified"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
