// The invented people one can sign in as, and what the access tokens say of them.

export const people = [
  {
    id: "sara",
    name: "Sara Lindqvist",
    about: "Librarian at Kista",
    role: "staff",
    branches: ["kista"],
  },
  {
    id: "amir",
    name: "Amir Haddad",
    about: "Librarian at Rinkeby and Tensta",
    role: "staff",
    branches: ["rinkeby", "tensta"],
  },
  {
    id: "maria",
    name: "Maria Ek",
    about: "Administrator of the whole system",
    role: "admin",
    branches: [],
  },
  {
    id: "jonas",
    name: "Jonas Berg",
    about: "Coordinator of a partner's volunteers",
    role: "coordinator",
    branches: [],
  },
  {
    id: "lena",
    name: "Lena Norén",
    about: "Works in the municipality, has no role in Plats",
  },
];

export const roles = new Set(["staff", "admin", "coordinator"]);

/** Gives somebody another role from now on, or none: tokens that are renewed say so. */
export function give(id, role, branches) {
  const person = personById(id);
  Object.assign(person, role ? { role, branches } : { role: undefined, branches: undefined });
}

export function personById(id) {
  return people.find((person) => person.id === id);
}

// A provider in a municipality sends nothing about those who have no role, so neither does this one.
export function claimsOf({ role, branches }) {
  return role ? { plats_role: role, plats_branches: branches } : {};
}
