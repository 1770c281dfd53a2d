/// Material of a facet; `Shading` computes its colour.
enum Material: UInt8 {
    case paint, glass, darkPlastic, tyre, rim, chrome, plate, seam
    case tailLamp, headLamp, indicator, cargo
    case skin, hair, shirt, trousers, shoe
    case foliage, bark, wall, roof, metal, streetLamp
}
